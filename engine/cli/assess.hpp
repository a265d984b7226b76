#pragma once
#include <iosfwd>
#include <string>

namespace doudi::cli {

/// Decides one family given as a JSON object (one line) and returns the answer as one line of JSON. Fields and
/// answer: docs/assess.md. A bad line gives an object with `id` and `error`; `ok` tells which it was.
std::string assess_line(const std::string& line, bool& ok);

/// `doudi assess`: JSON Lines in, JSON Lines out, in order; returns 0, or 2 if any line was bad.
int assess_stream(std::istream& in, std::ostream& out);

}  // namespace doudi::cli
