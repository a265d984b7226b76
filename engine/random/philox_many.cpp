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
    const hn::CappedTag<std::uint64_t, most_lanes<std::uint64_t>> d;
    const hn::Rebind<std::uint32_t, decltype(d)> half;
    const hn::Repartition<std::uint32_t, decltype(d)> d32;
    const auto low = hn::Set(d, 0xFFFFFFFFull), m0 = hn::Set(d, 0xD2511F53ull), m1 = hn::Set(d, 0xCD9E8D57ull);
    for (std::size_t i = 0; i < n; i += hn::Lanes(d)) {
        auto a = hn::PromoteTo(d, hn::LoadU(half, c0 + i)), b = hn::PromoteTo(d, hn::LoadU(half, c1 + i));
        auto c = hn::Set(d, subject & 0xFFFFFFFFull), e = hn::Set(d, subject >> 32);
        std::uint32_t k0 = static_cast<std::uint32_t>(seed), k1 = static_cast<std::uint32_t>(seed >> 32);
        for (int round = 0; round < 10; ++round) {
            const auto p = hn::MulEven(hn::BitCast(d32, a), hn::BitCast(d32, m0)), q = hn::MulEven(hn::BitCast(d32, c), hn::BitCast(d32, m1));
            a = hn::Xor(hn::Xor(hn::ShiftRight<32>(q), b), hn::Set(d, std::uint64_t{k0}));
            b = hn::And(q, low);
            c = hn::Xor(hn::Xor(hn::ShiftRight<32>(p), e), hn::Set(d, std::uint64_t{k1}));
            e = hn::And(p, low);
            k0 += 0x9E3779B9u;
            k1 += 0xBB67AE85u;
        }
        hn::StoreInterleaved2(hn::Or(a, hn::ShiftLeft<32>(b)), hn::Or(c, hn::ShiftLeft<32>(e)), d, reinterpret_cast<std::uint64_t*>(out + 4 * i));
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
