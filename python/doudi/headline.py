"""A result in a few sentences, as they stand at the head of the workbook, and what a hand check does not explain."""
from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from .adjusted import can

if TYPE_CHECKING:
    from .comparison import Comparison


def sentences(c: Comparison, titles: Sequence[str], lang: str) -> list[str]:
    """Cost, change, reserve and what the figures are not, each a sentence; `titles` of the scenarios."""
    zh, many, alone = lang == "zh", c.dataset.sizes["scenario"] > 1, c.dataset.sizes["replicate"] == 1

    def t(chinese: str, english: str) -> str:
        return chinese if zh else english

    name, base = titles[-1], titles[0]
    total, change = c.total() / 1e4, c.difference() / 1e4
    sample = [note] if (note := c.sample_note(lang)) else []
    mean, low, high = total.mean().item(), *total.quantile([0.05, 0.95]).values
    more, least, most = change.mean().item(), *change.quantile([0.05, 0.95]).values
    median, reserve, worst = total.median().item(), c.reserve(0.95) / 1e4, c.expected_shortfall(0.95) / 1e4
    caveat = t("数字描述的是模型及其假设，并非任何县的实际支出；“均值”各行可相加，分位数（5%、95%）不可相加。",
               "The figures describe the model under its assumptions, not the spending of any county. Means add up; quantiles (5 %, 95 %) do not.")
    if alone:
        said = [t(f"{name}：期内总支出 {mean:,.0f} 万元。", f"{name}: cost of the period {mean:,.0f} x 10,000 yuan.")]
        if many:
            said.append(t(f"比“{base}”{'多' if more >= 0 else '少'} {abs(more):,.1f} 万元。", f"That is {more:+,.1f} x 10,000 yuan against \"{base}\"."))
        return [*said, t("只有 1 次模拟：区间、备用金和超支概率无从得知，各县也不列数字。请用 200 次以上。",
                         "One replicate: it tells no interval, no reserve and no probability of going over a budget, and counties carry no figures. Take 200 or more."), *sample, caveat]
    said = [t(f"{name}：期内总支出均值 {mean:,.0f} 万元，九成把握在 {low:,.0f} 至 {high:,.0f} 万元之间。",
              f"{name}: mean cost of the period {mean:,.0f} x 10,000 yuan, with 90 % between {low:,.0f} and {high:,.0f}.")]
    if many:
        low, high = (least, most) if more >= 0 else (-most, -least)  # of "less", not a minus of a minus
        interval = f"{low:,.1f} 至 {high:,.1f}" if least * most >= 0 else f"从少 {-least:,.1f} 到多 {most:,.1f}"
        said.append(t(f"比“{base}”{'多' if more >= 0 else '少'} {abs(more):,.1f} 万元（九成把握 {interval}）。",
                      f"That is {more:+,.1f} x 10,000 yuan against \"{base}\" (90 %: {least:,.1f} to {most:,.1f})."))
    return [*said, t(f"在中位数（{median:,.0f} 万元）之外另备 {reserve:,.0f} 万元，95% 的情形下不超支；最坏 5% 的情形平均支出 {worst:,.0f} 万元。",
                     f"A reserve of {reserve:,.0f} x 10,000 yuan over the median ({median:,.0f}) holds with 95 %; the worst 5 % cost {worst:,.0f} on average."), *([sharp] if (sharp := adjusted(c, lang)) else []), *sample, caveat]


def adjusted(c: Comparison, lang: str) -> str:
    """Mean, quantile and reserve of the last scenario, adjusted for what was drawn, in a sentence; empty where the results cannot tell it or it gains nothing."""
    if not can(c.dataset):
        return ""
    sharp = c.adjusted
    figures = [frame.iloc[0] for frame in (sharp.mean(), sharp.quantiles((0.95,)), sharp.reserve(0.95))]
    mean, top, reserve = (figure[["value", "standard_error", "low", "high"]] / 1e4 for figure in figures)
    many, few = (float(f"{figures[k].effective_replicates:.2g}") for k in (0, 2))
    if few < 1.1 * c.dataset.sizes["replicate"]:
        return ""
    if lang == "zh":
        return (f"按各次模拟抽到的参数与共同因素校正（控制变量法）后：均值 {mean['value']:,.0f} 万元（标准误 {mean.standard_error:,.1f}，相当于约 {many:,.0f} 次模拟），"
                f"95% 分位数 {top['value']:,.0f} 万元（95% 置信区间 {top.low:,.0f} 至 {top.high:,.0f}），备用金 {reserve['value']:,.0f} 万元（{reserve.low:,.0f} 至 {reserve.high:,.0f}，相当于约 {few:,.0f} 次模拟）。")
    return (f"Adjusted for the parameters and common factors that were drawn (control variates): mean {mean['value']:,.0f} x 10,000 yuan (standard error {mean.standard_error:,.1f}, as from some {many:,.0f} "
            f"replicates), 95 % quantile {top['value']:,.0f} (95 % confidence interval {top.low:,.0f} to {top.high:,.0f}), reserve {reserve['value']:,.0f} ({reserve.low:,.0f} to {reserve.high:,.0f}, "
            f"as from some {few:,.0f}).")


def gap(check: dict[str, float], lang: str, sampled: bool) -> str:
    """What the gap of `Comparison.hand_check` comes from, in a sentence; empty where there is none. `sampled`: of a sample of households."""
    if check["largest_gap"] < 0.005:
        return ""
    if sampled and abs(check["caseload"]) < 0.005:
        return "差额为抽样加权取整所致。" if lang == "zh" else " The gap is rounding: a sample is weighted up cell by cell."
    return (f"差额来自领取人的变化（资格或申领率不同）：平均为领取人月数变化 × 新标准 = {check['caseload']:,.2f} 元，其余 {check['rest']:,.2f} 元。" if lang == "zh" else
            f" The gap is the change in who draws the subsidies, by eligibility or take-up: on average, change of the caseload x new amounts {check['caseload']:,.2f} yuan, rest {check['rest']:,.2f}.")
