#include "storage/packing.hpp"

#include "base/error.hpp"
#include "storage/result_head.hpp"

#include <zlib.h>

#include <algorithm>
#include <bit>
#include <utility>

namespace doudi {
namespace {

constexpr std::size_t places = 8, checksum_size = 4;

/// Fletcher's checksum as HDF5 takes it: over 16-bit words, the high byte first, an odd last byte as a high one.
std::uint32_t fletcher32(std::string_view bytes) {
    const auto at = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i])); };
    std::uint32_t one = 0, two = 0;
    const auto fold = [](std::uint32_t x) { return (x & 0xffff) + (x >> 16); };
    const std::size_t even = bytes.size() / 2 * 2;
    for (std::size_t i = 0; i < even;) {
        const std::size_t end = std::min(even, i + 720);  // 360 words do not overflow
        for (; i < end; i += 2) {
            one += at(i) << 8 | at(i + 1);
            two += one;
        }
        one = fold(one);
        two = fold(two);
    }
    if (even < bytes.size()) {
        one += at(even) << 8;
        two += one;
        one = fold(one);
        two = fold(two);
    }
    return fold(two) << 16 | fold(one);
}

template <class Number>
Chunk packed(std::span<const Number> numbers, int strategy) {
    const std::size_t n = numbers.size();
    std::string planes(places * n, '\0');
    for (std::size_t i = 0; i < n; ++i)
        for (auto [bits, at] = std::pair{std::bit_cast<std::uint64_t>(numbers[i]), i}; bits != 0; bits >>= 8, at += n) planes[at] = static_cast<char>(bits & 0xff);
    z_stream z{};
    if (::deflateInit2(&z, deflate_level, Z_DEFLATED, MAX_WBITS, 8, strategy) != Z_OK) throw SystemError({"cannot pack numbers: no memory for zlib", "无法压缩数据：zlib 内存不足"});
    Chunk chunk(::deflateBound(&z, planes.size()) + checksum_size, '\0');
    z.next_in = reinterpret_cast<Bytef*>(planes.data());
    z.avail_in = static_cast<uInt>(planes.size());
    z.next_out = reinterpret_cast<Bytef*>(chunk.data());
    z.avail_out = static_cast<uInt>(chunk.size());
    const bool whole = ::deflate(&z, Z_FINISH) == Z_STREAM_END;
    chunk.resize(z.total_out);
    ::deflateEnd(&z);
    if (!whole) throw SystemError({"cannot pack numbers", "无法压缩数据"});
    const std::uint32_t sum = fletcher32(chunk);
    for (std::size_t i = 0; i < checksum_size; ++i) chunk += static_cast<char>(sum >> (8 * i));
    return chunk;
}

}  // namespace

Chunk pack(std::span<const std::int64_t> numbers) { return packed(numbers, Z_DEFAULT_STRATEGY); }
Chunk pack(std::span<const double> numbers) { return packed(numbers, Z_RLE); }  // draws do not come again

bool unpack(std::string_view chunk, std::span<std::int64_t> numbers) {
    if (chunk.size() < checksum_size) return false;
    const std::string_view deflated = chunk.substr(0, chunk.size() - checksum_size), sum = chunk.substr(deflated.size());
    const std::uint32_t found = fletcher32(deflated);
    for (std::size_t i = 0; i < checksum_size; ++i)
        if (static_cast<unsigned char>(sum[i]) != (found >> (8 * i) & 0xff)) return false;
    const std::size_t n = numbers.size();
    std::string planes(places * n, '\0');
    uLongf size = planes.size();
    if (::uncompress(reinterpret_cast<Bytef*>(planes.data()), &size, reinterpret_cast<const Bytef*>(deflated.data()), deflated.size()) != Z_OK || size != planes.size()) return false;
    for (std::size_t i = 0; i < n; ++i) {
        std::uint64_t bits = 0;
        for (std::size_t place = places; place-- > 0;) bits = bits << 8 | static_cast<unsigned char>(planes[place * n + i]);
        numbers[i] = static_cast<std::int64_t>(bits);
    }
    return true;
}

std::vector<Chunk> pack_scenarios(const std::vector<std::int64_t>& values, int scenarios) {
    std::vector<Chunk> chunks;
    const std::size_t each = values.size() / static_cast<std::size_t>(scenarios);
    const auto of = [&](std::size_t s) { return std::span(values).subspan(s * each, each); };
    for (std::size_t s = 0; s < static_cast<std::size_t>(scenarios); ++s) {
        std::size_t same = 0;  // another amount pays as many persons, so a reform is often packed already
        while (same < s && !std::ranges::equal(of(same), of(s))) ++same;
        chunks.push_back(same < s ? Chunk(chunks[same]) : pack(of(s)));
    }
    return chunks;
}

PackedTally pack(const Tally& tally) {
    PackedTally all;
    for (const Cube& cube : result_cubes()) all.push_back(pack_scenarios(tally.*cube.values, tally.scenarios));
    return all;
}

}  // namespace doudi
