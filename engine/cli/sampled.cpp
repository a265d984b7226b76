#include "cli/sampled.hpp"

#include <fmt/format.h>

namespace doudi::cli {

std::string sample_note(double share, bool chinese) {
    if (share >= 1) return "";
    return fmt::format(fmt::runtime(chinese ? "抽样比例 {:.3g}：各区间只含蒙特卡洛误差，未含抽样误差；个体随机性的方差约为全量的 {:.3g} 倍，故单个县的标准差、分位数与备用金偏宽，应以全量模拟为准。\n"
                                            : "A sample of {:.3g} of the households: the intervals hold the Monte Carlo error alone, not the sample's; individual luck has about {:.3g} times its variance,\n"
                                              "so that sd, quantiles and reserve of a single county are too wide: take those from a run of all households.\n"), share, 1 / share);
}

}  // namespace doudi::cli
