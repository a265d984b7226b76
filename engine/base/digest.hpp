#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace doudi {

/// SHA-256, fed piece by piece.
class Digest {
public:
    Digest();
    ~Digest();
    void add(std::string_view bytes);
    void add(std::span<const std::int64_t> numbers);  ///< as little-endian bytes
    std::string hex();                                ///< ends the digest

private:
    struct State;
    std::unique_ptr<State> state_;
};

std::string sha256(std::string_view bytes);

}  // namespace doudi
