#pragma once

namespace doudi::cli {

/// The whole command line. The only place that turns exceptions into words and exit codes: 0 done, 2 bad input,
/// 3 interrupted with a resumable file, 1 anything else.
int command(int argc, char** argv);

}  // namespace doudi::cli
