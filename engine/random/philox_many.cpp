#include "random/philox_many.hpp"

#include "random/lanes.hpp"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "random/philox_many.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace doudi::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

void philox_many_here(const std::uint32_t* c0, const std::uint32_t* c1, std::size_t n, std::uint64_t subject, std::uint64_t seed, std::uint32_t* out) {
#if HWY_TARGET == HWY_SCALAR
    for (std::size_t i = 0; i < n; ++i) {
        const Words words = philox({c0[i], c1[i], static_cast<std::uint32_t>(subject), static_cast<std::uint32_t>(subject >> 32)},
                                   {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)});
        std::copy(words.begin(), words.end(), out + 4 * i);
    }
#else
    // The upper half of a lane is whatever it is until the end: the product takes the lower ones, and nothing comes down from above. Two vectors
    // at a time share the keys.
    const hn::CappedTag<std::uint64_t, most_lanes<std::uint64_t>> d;
    const hn::Rebind<std::uint32_t, decltype(d)> half;
    const hn::Repartition<std::uint32_t, decltype(d)> d32;
    const auto product = [&](auto x, auto by) { return hn::MulEven(hn::BitCast(d32, x), hn::BitCast(d32, by)); };
    const auto m0 = hn::Set(d, 0xD2511F53ull), m1 = hn::Set(d, 0xCD9E8D57ull), step0 = hn::Set(d, 0x9E3779B9ull), step1 = hn::Set(d, 0xBB67AE85ull);
    const std::size_t lanes = hn::Lanes(d);
    for (std::size_t i = 0; i < n; i += 2 * lanes) {
        auto a = hn::PromoteTo(d, hn::LoadU(half, c0 + i)), a2 = hn::PromoteTo(d, hn::LoadU(half, c0 + i + lanes));
        auto b = hn::PromoteTo(d, hn::LoadU(half, c1 + i)), b2 = hn::PromoteTo(d, hn::LoadU(half, c1 + i + lanes));
        auto c = hn::Set(d, subject), e = hn::Set(d, subject >> 32), c2 = c, e2 = e;
        auto k0 = hn::Set(d, seed), k1 = hn::Set(d, seed >> 32);
        for (int round = 0; round < 10; ++round) {
            const auto p = product(a, m0), q = product(c, m1), p2 = product(a2, m0), q2 = product(c2, m1);
            a = hn::Xor3(hn::ShiftRight<32>(q), b, k0);
            a2 = hn::Xor3(hn::ShiftRight<32>(q2), b2, k0);
            c = hn::Xor3(hn::ShiftRight<32>(p), e, k1);
            c2 = hn::Xor3(hn::ShiftRight<32>(p2), e2, k1);
            b = q, e = p, b2 = q2, e2 = p2;
            k0 = hn::Add(k0, step0);
            k1 = hn::Add(k1, step1);
        }
        const auto low = hn::Set(d, 0xFFFFFFFFull);
        const auto pair = [&](auto first, auto second) { return hn::Or(hn::And(first, low), hn::ShiftLeft<32>(second)); };
        hn::StoreInterleaved2(pair(a, b), pair(c, e), d, reinterpret_cast<std::uint64_t*>(out + 4 * i));
        hn::StoreInterleaved2(pair(a2, b2), pair(c2, e2), d, reinterpret_cast<std::uint64_t*>(out + 4 * (i + lanes)));
    }
#endif
}

}  // namespace doudi::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace doudi {
namespace {
HWY_EXPORT(philox_many_here);
}

void philox_many(const std::uint32_t* c0, const std::uint32_t* c1, std::size_t n, std::uint64_t subject, std::uint64_t seed, std::uint32_t* out) {
    HWY_DYNAMIC_DISPATCH(philox_many_here)(c0, c1, n, subject, seed, out);
}

}  // namespace doudi
#endif
