#pragma once
#include "scenario/source.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace doudi {

/// A CSV table (RFC 4180: quotes, commas and line ends in quotes) with a header line.
class Table {
public:
    /// Throws InputError if the header lacks one of `required`, or a row has another number of fields.
    Table(const Source& source, const std::vector<std::string>& required);

    std::size_t rows() const { return cells_.size(); }
    std::size_t line(std::size_t row) const { return lines_[row]; }
    const std::string& text(std::size_t row, const std::string& column) const;
    bool has(const std::string& column) const;
    /// A non-negative whole number; otherwise adds a fault and returns 0.
    std::int64_t count(std::size_t row, const std::string& column, std::vector<Fault>& faults) const;
    /// Yuan as fen; otherwise adds a fault and returns 0.
    Fen yuan(std::size_t row, const std::string& column, std::vector<Fault>& faults) const;
    Fault fault(std::size_t row, Wording what) const { return fault_at(source_, line(row), std::move(what)); }
    const Source& source() const { return source_; }

private:
    std::size_t column(const std::string& name) const;
    const Source& source_;
    std::vector<std::string> header_;
    std::vector<std::vector<std::string>> cells_;
    std::vector<std::size_t> lines_;
};

}  // namespace doudi
