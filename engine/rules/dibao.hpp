#pragma once
#include "rules/means.hpp"

namespace doudi::rules {

/// 最低生活保障, 吉政办规〔2024〕2号 measure 4: income per head 低于 the local standard (strict) and the assets conform.
inline bool is_dibao(const Means& h) { return h.assets_ok && h.annual < h.standard_year(); }

/// 差额补助: the gap to the standard a month, in fen, rounded up.
inline Fen dibao_top_up(const Means& h) { return ceil_div(h.standard_year() - h.annual, 12); }

}  // namespace doudi::rules
