"""The peer in NumPy: the same law on arrays, money in int64 fen, one array operation for all households at once.

`static_month` decides one month: the whole of `doudi assess` but temporary assistance, which needs an event.
`monte_carlo` lives months of simplified households: see its docstring for what it leaves out.
"""
from __future__ import annotations

import dataclasses

import numpy as np

CATEGORIES = ["none", "dibao", "dibao_gradual", "edge", "rigid", "tekun", "orphan", "monitored"]
PROGRAMMES = ["dibao", "supplement", "tekun_basic", "tekun_care", "living_subsidy", "nursing_subsidy"]
NONE, DIBAO, GRADUAL, EDGE, RIGID, TEKUN = range(6)
TYPES = ["none", "visual", "hearing", "speech", "physical", "intellectual", "mental", "multiple"]
CARE = ["none", "self", "semi", "full"]
#: What the documents say and the defaults of `doudi assess`; a scenario's own values come with the households.
LAW = {"supp_bp.severe_illness": 2000, "supp_bp.severe_disability": 2000, "supp_bp.age70": 1000, "supp_bp.minor": 1000,
       "edge_mult_pct": 200, "rigid_share_pct": 60, "tekun_ratio_pct": 130, "care_pct.self": 10, "care_pct.semi": 20,
       "care_pct.full": 30, "living_yuan": "85.00", "nursing_yuan": "85.00", "gradual_months": 6, "gradual_cap_pct": 200,
       "gradual_profile_pct": []}


def fen(text: str) -> int:
    yuan, _, cents = text.partition(".")
    return 100 * int(yuan) + int(cents.ljust(2, "0") or 0)


@dataclasses.dataclass
class Households:
    """Households as columns: `[household]` and, for members, `[person]` with the persons of a household side by side."""
    ids: list
    first: np.ndarray        #: [household] place of the first person
    of: np.ndarray           #: [person] household
    standard: np.ndarray     #: [household] fen a person and month; the others alike
    standard_prev: np.ndarray
    min_wage: np.ndarray
    pcdi: np.ndarray         #: fen a person and year
    assets: np.ndarray       #: bool
    income_12m: np.ndarray
    spending_12m: np.ndarray
    gradual_month: np.ndarray  #: months since a dibao family found work, 0 if it did not
    gradual_fen: np.ndarray    #: what it drew before
    income: np.ndarray       #: [person] fen a month
    age_months: np.ndarray
    grade: np.ndarray
    kind: np.ndarray         #: of disability, place in TYPES
    ill: np.ndarray
    employed: np.ndarray
    tekun: np.ndarray
    care: np.ndarray         #: place in CARE
    alive: np.ndarray
    law: dict

    @classmethod
    def read(cls, lines: list[dict]) -> "Households":
        """From the output of `doudi households`. Raises ValueError where the households need a rule that is not here."""
        law = dict(LAW)
        for line in lines[:1]:
            for key, value in line["params"].items():
                if key not in law:
                    raise ValueError(f"the peers do not know the parameter {key}")
                law[key] = value
        if any(line["params"] != lines[0]["params"] for line in lines):
            raise ValueError("the households differ in params")
        people = [m for line in lines for m in line["members"]]
        sizes = np.array([len(line["members"]) for line in lines])
        month = [12 * int(line["month"][:4]) + int(line["month"][5:]) for line in lines]
        money = lambda key: np.array([fen(line[key]) for line in lines], np.int64)
        flag = lambda key: np.array([m.get(key, False) for m in people])
        births = np.array([12 * int(m["birth_ym"][:4]) + int(m["birth_ym"][5:]) for m in people])
        of = np.repeat(np.arange(len(lines)), sizes)
        prior = [line["prior"] if line["prior"].get("reason") == "employment" and line["prior"].get("status") == "dibao" else {} for line in lines]
        return cls(
            ids=[line["id"] for line in lines], first=np.concatenate([[0], np.cumsum(sizes)[:-1]]), of=of,
            standard=money("standard"), standard_prev=money("standard_prev"), min_wage=money("min_wage_prev"), pcdi=money("last_year_pcdi"),
            assets=np.array([line["assets_ok"] for line in lines]), income_12m=money("income_12m"), spending_12m=money("essential_spending_12m"),
            gradual_month=np.array([p.get("months_since_exit", 0) for p in prior]),
            gradual_fen=np.array([fen(p.get("dibao", "0.00")) for p in prior], np.int64),
            income=np.array([fen(m["monthly_income"]) for m in people], np.int64), age_months=np.array(month)[of] - births,
            grade=np.array([m.get("disability_grade", 0) for m in people], np.int8),
            kind=np.array([TYPES.index(m.get("disability_type", "none")) for m in people], np.int8),
            ill=flag("severe_illness"), employed=flag("employed"), tekun=flag("tekun"),
            care=np.array([CARE.index(m.get("care_level", "none")) for m in people], np.int8), alive=np.ones(len(people), bool), law=law)


@dataclasses.dataclass
class Answer:
    category: np.ndarray        #: [household] place in CATEGORIES
    pay: dict[str, np.ndarray]  #: programme: [household] fen


def static_month(h: Households) -> Answer:
    """One month of every household, by 吉政办规〔2024〕2号, 吉民发〔2023〕67号 and 68号: category and six programmes."""
    law = h.law
    total = lambda x: np.add.reduceat(x, h.first, dtype=np.int64)
    S, age, assets = h.standard[h.of], h.age_months // 12, h.assets[h.of]
    severe = (h.grade == 1) | (h.grade == 2)
    mind = (h.kind == 5) | (h.kind == 6)
    severe_wide = severe | ((h.grade == 3) & mind)
    unable = (age >= 60) | (age < 16) | ((h.grade > 0) & np.where(
        mind, h.grade <= 3, np.where((h.kind == 7) | (h.kind == 4), h.grade <= 2, (h.kind == 1) & (h.grade == 1))))
    tekun = h.alive & h.tekun & assets & (h.income < S) & unable
    core = h.alive & ~tekun

    n = total(core)
    annual = 12 * total(np.where(core, h.income, 0))
    year = 12 * n * h.standard
    reached = lambda percent: 100 * annual >= percent * year
    some = n > 0
    dibao = some & h.assets & (annual < year)
    gradual = (some & ~dibao & h.assets & (h.gradual_month >= 1) & (h.gradual_month <= law["gradual_months"]) &
               reached(100) & ~reached(law["gradual_cap_pct"]))
    edge = some & ~gradual & h.assets & (annual >= year) & ~reached(law["edge_mult_pct"])
    band = some & h.assets & reached(law["edge_mult_pct"]) & (annual < n * h.pcdi)
    rigid = band & ~gradual & ~edge & (100 * h.spending_12m > law["rigid_share_pct"] * h.income_12m)
    category = np.select([dibao, gradual, edge, rigid, ~some & (total(tekun) > 0)], [DIBAO, GRADUAL, EDGE, RIGID, TEKUN], NONE)

    own_gap = h.income < S
    jobless_adult = (age >= 18) & ~h.employed
    from_edge = edge[h.of] & (h.ill | severe_wide) & own_gap
    like_single = (band & ~gradual)[h.of] & jobless_adult & (h.ill | severe_wide) & own_gap
    single = core & (from_edge | like_single)
    in_dibao = core & (single | (dibao | gradual)[h.of])

    profile = np.array(law["gradual_profile_pct"] or [100], np.int64)
    kept = (2 * h.gradual_fen * profile[np.clip(h.gradual_month, 1, len(profile)) - 1] + 100) // 200
    rate = np.maximum.reduce([h.ill * law["supp_bp.severe_illness"], severe * law["supp_bp.severe_disability"],
                              (h.age_months >= 840) * law["supp_bp.age70"], (age < 18) * law["supp_bp.minor"]])
    base = np.maximum(h.standard, np.where(h.standard_prev > 0, h.standard_prev, h.standard))
    care = np.array([law["care_pct.self"], law["care_pct.self"], law["care_pct.semi"], law["care_pct.full"]], np.int64)[h.care]
    return Answer(category, {
        "dibao": np.where(dibao, -((annual - year) // 12), 0) + np.where(gradual, kept, 0) + total(np.where(single, S - h.income, 0)),
        "supplement": total(np.where(in_dibao, (2 * S * rate + 10000) // 20000, 0)),
        "tekun_basic": total(tekun) * -(-law["tekun_ratio_pct"] * base // 100),
        "tekun_care": total(np.where(tekun, -(-care * h.min_wage[h.of] // 100), 0)),
        "living_subsidy": total(in_dibao & (h.grade >= 1)) * fen(law["living_yuan"]),
        "nursing_subsidy": total(core & severe & (h.care != 1)) * fen(law["nursing_yuan"])})


def monte_carlo(h: Households, parameter: dict[str, float], replicates: int, months: int, seed: int) -> np.ndarray:
    """Cost by replicate, programme and month, fen: what a user would write in NumPy for the months of these households.

    As in the engine: the law, job loss and re-employment, serious illness, disability and its certificate after two months,
    deaths of the old, birthdays, hazards of the scenario, take-up as a fixed score under a rate, one month from application to
    payment. Left out, so that it does less work a household-month: burn-in, parameters and systemic factors that change
    between replicates, disasters, temporary assistance, detection, reviews and their lag, gradual exit, 12-month sums, the
    response of take-up. With nothing happening in the first month and everyone claiming, the month is `static_month`.
    """
    rng = np.random.default_rng(seed)
    rural = np.array(["rural" in i for i in h.ids])[h.of]
    loss = np.where(rural, parameter["hazard.job_loss_rural"], parameter["hazard.job_loss_urban"])
    take_up = np.where(rural[h.first], parameter["take_up.dibao_rural"], parameter["take_up.dibao_urban"])
    cost = np.zeros((replicates, len(PROGRAMMES), months), np.int64)
    for r in range(replicates):
        now = dataclasses.replace(h, income=h.income.copy(), grade=h.grade.copy(), kind=h.kind.copy(), ill=h.ill.copy(), employed=h.employed.copy())
        wage = np.where(now.employed, now.income, 0)
        certified = np.full(len(h.of), -1)
        claims = rng.random(len(h.ids)) < take_up
        living, nursing = rng.random(len(h.ids)) < parameter["take_up.living_subsidy"], rng.random(len(h.ids)) < parameter["take_up.nursing_subsidy"]
        now.alive = h.alive.copy()
        before = np.zeros(len(h.ids), bool)
        for month in range(months):
            if month > 0:
                old = now.age_months >= 720
                u = rng.random((4, len(h.of)))
                now.ill |= u[0] < parameter["hazard.illness"] * np.where(old, parameter["hazard.illness_elderly_factor"], 1)
                struck = (u[1] < parameter["hazard.disability"] * np.where(old, parameter["hazard.disability_elderly_factor"], 1)) & (now.grade == 0) & (certified < 0)
                certified[struck] = month + 2
                due = certified == month
                now.grade[due] = np.where(rng.random(due.sum()) < parameter["disability.severe_share"], 2, 4)
                now.kind[due] = 4
                now.alive &= ~(old & (u[2] < parameter["hazard.death_60plus"]))
                at_work = wage > 0
                now.employed = np.where(now.employed, u[3] >= loss, at_work & (u[3] < parameter["hazard.reemployment"]))
                now.income = np.where(at_work & ~now.employed, h.income - wage, h.income)
                now.age_months = now.age_months + 1
            answer = static_month(now)
            eligible = (answer.category == DIBAO) | (answer.category == EDGE) | (answer.category == RIGID)
            paid = claims & (before | (month == 0))
            before = eligible
            for p, name in enumerate(PROGRAMMES):
                amount = answer.pay[name]
                if name in ("dibao", "supplement"): amount = amount * paid
                if name == "living_subsidy": amount = amount * (paid & living)
                if name == "nursing_subsidy": amount = amount * nursing
                cost[r, p, month] = amount.sum()
    return cost
