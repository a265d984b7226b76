"""The peer in OpenFisca-core: dibao, edge, rigid, tekun, extra payment and the two subsidies as variables of a country package.

Static: one month. Money is in fen, in `int` variables (int32: a household's year stays under 21 million yuan); sums over
the members of a household are OpenFisca's own `household.sum`.
"""
from __future__ import annotations

import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.parameters import ParameterNode
from openfisca_core.periods import MONTH
from openfisca_core.simulations import Simulation, SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable
from peer_numpy import CATEGORIES, PROGRAMMES, Answer, Households, fen

Person = build_entity("person", "persons", "Person", is_person=True)
Household = build_entity("household", "households", "Household", roles=[{"key": "member", "plural": "members"}])
PERIOD = "2024-01"


def given(name: str, entity, kind=int) -> type[Variable]:
    return type(name, (Variable,), {"value_type": kind, "entity": entity, "definition_period": MONTH})


def ruled(entity, kind=int):
    """Makes a variable of the function's name from its formula."""
    return lambda formula: type(formula.__name__, (Variable,), {"value_type": kind, "entity": entity, "definition_period": MONTH, "formula": formula})


INPUTS = ([given(n, Household) for n in ("standard", "standard_prev", "min_wage", "pcdi", "income_12m", "spending_12m", "gradual_month", "gradual_fen")] +
          [given("assets", Household, bool)] + [given(n, Person) for n in ("income", "age_months", "grade", "kind", "care")] +
          [given(n, Person, bool) for n in ("ill", "employed", "tekun")])


def wide(array):
    """100 times a year's income of a large household does not fit into the int32 of an OpenFisca variable."""
    return array.astype(np.int64)


@ruled(Person, bool)
def severe(person, period):
    grade = person("grade", period)
    return (grade == 1) | (grade == 2)


@ruled(Person, bool)
def severe_wide(person, period):
    kind = person("kind", period)
    return person("severe", period) | ((person("grade", period) == 3) & ((kind == 5) | (kind == 6)))


@ruled(Person, bool)
def is_tekun(person, period):
    age, grade, kind = person("age_months", period) // 12, person("grade", period), person("kind", period)
    mind = (kind == 5) | (kind == 6)
    by_grade = np.where(mind, grade <= 3, np.where((kind == 7) | (kind == 4), grade <= 2, (kind == 1) & (grade == 1)))
    unable = (age >= 60) | (age < 16) | ((grade > 0) & by_grade)
    return person("tekun", period) & person.household("assets", period) & (person("income", period) < person.household("standard", period)) & unable


@ruled(Household)
def core_size(household, period):
    return household.sum(~household.members("is_tekun", period))


@ruled(Household)
def annual_income(household, period):
    return 12 * household.sum(np.where(household.members("is_tekun", period), 0, household.members("income", period)))


@ruled(Household)
def standard_year(household, period):
    return 12 * household("core_size", period) * household("standard", period)


@ruled(Household, bool)
def is_dibao(household, period):
    return household("assets", period) & (household("core_size", period) > 0) & (household("annual_income", period) < household("standard_year", period))


@ruled(Household, bool)
def in_gradual_exit(household, period, parameters):
    law, income, year, month = parameters(period), wide(household("annual_income", period)), wide(household("standard_year", period)), household("gradual_month", period)
    return (household("assets", period) & (household("core_size", period) > 0) & (month >= 1) & (month <= law.gradual_months) &
            (income >= year) & (100 * income < law.gradual_cap_pct * year))


@ruled(Household, bool)
def is_edge(household, period, parameters):
    income, year = wide(household("annual_income", period)), wide(household("standard_year", period))
    return (household("assets", period) & (household("core_size", period) > 0) & ~household("in_gradual_exit", period) &
            (income >= year) & (100 * income < parameters(period).edge_mult_pct * year))


@ruled(Household, bool)
def in_rigid_band(household, period, parameters):
    income, size = wide(household("annual_income", period)), household("core_size", period)
    return (household("assets", period) & (size > 0) & (100 * income >= parameters(period).edge_mult_pct * wide(household("standard_year", period))) &
            (income < size * wide(household("pcdi", period))))


@ruled(Household, bool)
def is_rigid(household, period, parameters):
    return (household("in_rigid_band", period) & ~household("in_gradual_exit", period) &
            (100 * wide(household("spending_12m", period)) > parameters(period).rigid_share_pct * wide(household("income_12m", period))))


@ruled(Household)
def category(household, period):
    """Place in the labels of the engine."""
    return np.select([household("is_dibao", period), household("in_gradual_exit", period), household("is_edge", period), household("is_rigid", period),
                      household("core_size", period) == 0], [1, 2, 3, 4, 5], 0)


@ruled(Person, bool)
def included_alone(person, period):
    hard = (person("ill", period) | person("severe_wide", period)) & (person("income", period) < person.household("standard", period)) & ~person("is_tekun", period)
    jobless_adult = (person("age_months", period) >= 216) & ~person("employed", period)
    band = person.household("in_rigid_band", period) & ~person.household("in_gradual_exit", period)
    return hard & (person.household("is_edge", period) | (band & jobless_adult))


@ruled(Person, bool)
def in_dibao(person, period):
    family = person.household("is_dibao", period) | person.household("in_gradual_exit", period)
    return ~person("is_tekun", period) & (person("included_alone", period) | family)


@ruled(Household)
def dibao(household, period):
    gap = np.where(household("is_dibao", period), -((household("annual_income", period) - household("standard_year", period)) // 12), 0)
    kept = np.where(household("in_gradual_exit", period), household("gradual_fen", period), 0)
    alone = np.where(household.members("included_alone", period), household.members.household("standard", period) - household.members("income", period), 0)
    return gap + kept + household.sum(alone)


@ruled(Household)
def supplement(household, period, parameters):
    rates, members = parameters(period).supp_bp, household.members
    rate = np.maximum.reduce([members("ill", period) * rates.severe_illness, members("severe", period) * rates.severe_disability,
                              (members("age_months", period) >= 840) * rates.age70, (members("age_months", period) < 216) * rates.minor]).astype(np.int64)
    amount = (2 * members.household("standard", period) * rate + 10000) // 20000
    return household.sum(np.where(members("in_dibao", period), amount, 0))


@ruled(Household)
def tekun_basic(household, period, parameters):
    base = np.maximum(household("standard", period), household("standard_prev", period)).astype(np.int64)
    return household.sum(household.members("is_tekun", period)) * -(-int(parameters(period).tekun_ratio_pct) * base // 100)


@ruled(Household)
def tekun_care(household, period, parameters):
    percent, level, members = parameters(period).care_pct, household.members("care", period), household.members
    share = np.select([level == 3, level == 2], [int(percent.full), int(percent.semi)], int(percent.self_care))
    return household.sum(np.where(members("is_tekun", period), -(-share * members.household("min_wage", period) // 100), 0))


@ruled(Household)
def living_subsidy(household, period, parameters):
    return household.sum(household.members("in_dibao", period) & (household.members("grade", period) >= 1)) * parameters(period).living


@ruled(Household)
def nursing_subsidy(household, period, parameters):
    members = household.members
    return household.sum(members("severe", period) & ~members("is_tekun", period) & (members("care", period) != 1)) * parameters(period).nursing


RULES = [severe, severe_wide, is_tekun, core_size, annual_income, standard_year, is_dibao, in_gradual_exit, is_edge, in_rigid_band, is_rigid, category,
         included_alone, in_dibao, dibao, supplement, tekun_basic, tekun_care, living_subsidy, nursing_subsidy]


def system(law: dict) -> TaxBenefitSystem:
    if law["gradual_profile_pct"] not in ([], [100]):
        raise ValueError("this peer has only a flat gradual exit")
    values = {**law, "living": fen(law["living_yuan"]), "nursing": fen(law["nursing_yuan"]), "care_pct.self_care": law["care_pct.self"]}
    data: dict = {}
    for key, value in values.items():
        if isinstance(value, int):
            *path, leaf = key.split(".")
            node = data
            for part in path:
                node = node.setdefault(part, {})
            if leaf != "self":  # a Python name would hide it
                node[leaf] = {"values": {"2024-01-01": value}}
    result = TaxBenefitSystem([Person, Household])
    result.parameters = ParameterNode(data=data)
    result.add_variables(*INPUTS, *RULES)
    return result


def empty_simulation(tbs: TaxBenefitSystem, h: Households) -> Simulation:
    """Persons and households, without any input."""
    builder = SimulationBuilder()
    builder.create_entities(tbs)
    builder.declare_person_entity("person", np.arange(len(h.of)))
    households = builder.declare_entity("household", np.arange(len(h.ids)))
    builder.join_with_persons(households, h.of, np.zeros(len(h.of), int))
    return builder.build(tbs)


def set_inputs(sim: Simulation, h: Households, period: str = PERIOD) -> None:
    for variable in INPUTS:
        sim.set_input(variable.__name__, period, getattr(h, variable.__name__))


def simulation(tbs: TaxBenefitSystem, h: Households) -> Simulation:
    result = empty_simulation(tbs, h)
    set_inputs(result, h)
    return result


def static_month(sim: Simulation, period: str = PERIOD) -> Answer:
    return Answer(sim.calculate("category", period), {p: sim.calculate(p, period) for p in PROGRAMMES})


def static_months(tbs: TaxBenefitSystem, h: Households, months: int) -> list[Answer]:
    """A year as one would have it without dynamics of its own: the simulation made once, then for each month its inputs and its answer."""
    sim, answers = empty_simulation(tbs, h), []
    for month in range(1, months + 1):
        period = f"2024-{month:02}"
        set_inputs(sim, h, period)
        answers.append(static_month(sim, period))
    return answers


assert CATEGORIES[:6] == ["none", "dibao", "dibao_gradual", "edge", "rigid", "tekun"]  # the numbers of `category`
