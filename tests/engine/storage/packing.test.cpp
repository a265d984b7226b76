#include "catch.hpp"
#include "storage/h5_image.hpp"
#include "storage/packing.hpp"

#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <limits>

using namespace doudi;

namespace {

std::vector<std::int64_t> mixed(std::size_t n) {
    std::vector<std::int64_t> numbers(n, 0);
    for (std::size_t i = 0; i < n; i += 3) numbers[i] = static_cast<std::int64_t>(i * i * 7919) - 40'000;
    if (n > 4) numbers[1] = std::numeric_limits<std::int64_t>::min(), numbers[4] = std::numeric_limits<std::int64_t>::max();
    return numbers;
}

/// An image of two variables: one in chunks of 64 replicates, one whole.
struct Twice : h5::Image {
    Twice(const std::vector<double>& chance, const std::vector<std::int64_t>& amounts, int replicates) {
        std::vector<std::int32_t> labels(static_cast<std::size_t>(replicates));
        dimension("replicate", "", labels);
        dimension("one", "", std::vector<std::int32_t>{0});
        dimension("three", "", std::vector<std::int32_t>{0, 1, 2});
        variable("chance", {"replicate", "one", "one", "three"}, "", "", chance);
        variable("amounts", {"replicate", "three"}, "", "", amounts);
    }
};

}  // namespace

TEST_CASE("what is packed is unpacked as it was, extremes too", "[storage]") {
    for (const std::size_t n : {1u, 2u, 7u, 300u, 5000u}) {
        const auto numbers = mixed(n);
        std::vector<std::int64_t> back(n, -1);
        REQUIRE(unpack(pack(numbers), back));
        CHECK(back == numbers);
    }
    CHECK(pack(std::vector<std::int64_t>(100'000, 0)).size() < 8000);  // 800 kB of nothing
}

TEST_CASE("scenarios are packed alike whether or not another one has the same numbers", "[storage]") {
    const auto one = mixed(50);
    auto other = one;
    other.back() += 1;
    std::vector<std::int64_t> values;
    for (const auto& part : {one, other, one, std::vector<std::int64_t>(50, 0), one}) values.insert(values.end(), part.begin(), part.end());
    const auto chunks = pack_scenarios(values, 5);
    REQUIRE(chunks.size() == 5);
    for (std::size_t s = 0; s < 5; ++s) CHECK(chunks[s] == pack(std::span(values).subspan(50 * s, 50)));
    CHECK(chunks[0] == chunks[4]);
    CHECK(chunks[0] != chunks[1]);
}

TEST_CASE("a chunk that is cut, damaged in any byte, or of other numbers is not unpacked", "[storage]") {
    const auto numbers = mixed(40);
    std::vector<std::int64_t> back(40);
    const Chunk chunk = pack(numbers);
    for (std::size_t i = 0; i < chunk.size(); ++i) {
        Chunk damaged = chunk;
        damaged[i] = static_cast<char>(damaged[i] ^ 0x10);
        CHECK_FALSE(unpack(damaged, back));
        CHECK_FALSE(unpack(std::string_view(chunk).substr(0, i), back));
    }
    std::vector<std::int64_t> fewer(39), more(41);
    CHECK_FALSE(unpack(chunk, fewer));
    CHECK_FALSE(unpack(chunk, more));
}

TEST_CASE("libhdf5 reads our chunks with their checksums, the last one of a dataset too", "[storage]") {
    const int replicates = 150;  // 64 + 64 + 22
    std::vector<double> chance;
    for (int i = 0; i < replicates * 3; ++i) chance.push_back(std::sin(i) * 1e-3);
    const auto amounts = mixed(replicates * 3);
    const auto path = std::filesystem::temp_directory_path() / ("doudi-packing-" + std::to_string(::getpid()) + ".h5");
    Twice(chance, amounts, replicates).publish(path);
    {
        const h5::Id file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose, "open");
        const h5::Id first(H5Dopen2(file, "chance", H5P_DEFAULT), H5Dclose, "open"), second(H5Dopen2(file, "amounts", H5P_DEFAULT), H5Dclose, "open");
        std::vector<double> chance_back(chance.size());
        std::vector<std::int64_t> amounts_back(amounts.size());
        REQUIRE(H5Dread(first, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, chance_back.data()) >= 0);
        REQUIRE(H5Dread(second, H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, amounts_back.data()) >= 0);
        CHECK(chance_back == chance);
        CHECK(amounts_back == amounts);
    }
    std::filesystem::remove(path);
}
