"""Writes plans.txt: one automaton per calling code that says, digit by digit, whose number it is and of what kind.

Called by renew.py. libphonenumber tries some ten patterns on a number, in an order, in each country of its calling code;
all of them together, with their lengths, are a small automaton over ten digits. Equal states are kept once for the whole world.
"""

import re._constants as token
import re._parser as parser

KINDS = "premium_rate toll_free shared_cost voip personal pager company voicemail".split()
LONGEST = 17


class Patterns:
    """All patterns of a calling code as one nondeterministic automaton."""

    def __init__(self):
        self.skips, self.steps, self.ends = [], [], {}

    def state(self):
        self.skips.append([])
        self.steps.append([])
        return len(self.skips) - 1

    def add(self, pattern, meaning):
        """`meaning` is what its end says: country, name of the pattern, lengths it holds for."""
        start = self.state()
        end = self.state()
        self.skips[self.build(parser.parse(pattern), start)].append(end)
        self.ends[end] = meaning
        return start, end

    def build(self, tree, at):
        for operator, argument in tree:
            at = self.build_one(operator, argument, at)
        return at

    def build_one(self, operator, argument, at):
        if operator in (token.LITERAL, token.IN):
            after = self.state()
            self.steps[at].append((digits(operator, argument), after))
            return after
        if operator is token.SUBPATTERN:
            return self.build(argument[3], at)
        if operator is token.BRANCH:
            after = self.state()
            for branch in argument[1]:
                self.skips[self.build(branch, at)].append(after)
            return after
        if operator is token.AT:  # The end of a national prefix that is the whole number: it begins all the same.
            return at
        assert operator is token.MAX_REPEAT, operator
        least, most, part = argument
        for _ in range(least):
            at = self.build(part, at)
        after = self.state()
        self.skips[at].append(after)
        for _ in range((LONGEST if most is token.MAXREPEAT else most) - least):
            at = self.build(part, at)
            self.skips[at].append(after)
        return after

    def reach(self, states):
        seen, waiting = set(states), list(states)
        while waiting:
            for after in self.skips[waiting.pop()]:
                if after not in seen:
                    seen.add(after)
                    waiting.append(after)
        return frozenset(state for state in seen if self.steps[state] or state in self.ends)


def digits(operator, argument):
    """The digits that a step takes, as bits."""
    if operator is token.LITERAL:
        return 1 << int(chr(argument))
    bits = 0
    for kind, value in argument:
        if kind is token.CATEGORY:
            bits |= 0b11_1111_1111
        else:
            first, last = (value, value) if kind is token.LITERAL else value
            for digit in range(int(chr(first)), int(chr(last)) + 1):
                bits |= 1 << digit
    return bits


class World:
    """The states of all calling codes; equal ones are one."""

    def __init__(self):
        self.numbers, self.states, self.labels = {}, [], {}
        self.nowhere = self.state(0, (0,) * 10)

    def state(self, label, after):
        key = (label, after)
        if key not in self.numbers:
            self.numbers[key] = len(self.states)
            self.states.append(key)
        return self.numbers[key]

    def label(self, country, kind):
        return self.labels.setdefault((country, kind), len(self.labels) + 1) if kind else 0

    def add(self, plans):
        patterns, starts = Patterns(), []
        for plan in plans:
            for name, described in descriptions(plan):
                if described is not None and described.national_number_pattern is not None:
                    meaning = (plan.id, name, frozenset(described.possible_length or ()))
                    starts.append(patterns.add(described.national_number_pattern, meaning)[0])
            if plan.leading_digits:
                start, end = patterns.add(plan.leading_digits, (plan.id, "leading", frozenset()))
                patterns.steps[end].append((0b11_1111_1111, end))
                starts.append(start)
        known = {}

        def build(states, depth):
            if (states, depth) not in known:
                after = tuple(follow(states, depth, digit) for digit in range(10))
                known[states, depth] = self.state(self.meaning(plans, patterns, states, depth), after)
            return known[states, depth]

        def follow(states, depth, digit):
            steps = {to for state in states for bits, to in patterns.steps[state] if bits >> digit & 1}
            after = patterns.reach(steps)
            is_alive = any(state not in patterns.ends or patterns.ends[state][1] != "leading" for state in after)
            return build(after, depth + 1) if is_alive and depth < LONGEST else self.nowhere

        return build(patterns.reach(starts), 0)

    def meaning(self, plans, patterns, states, length):
        """What a number says that ends here, in the order in which libphonenumber asks."""
        said = {}
        for state in states:
            if state in patterns.ends:
                country, name, lengths = patterns.ends[state]
                if not lengths or length in lengths:
                    said.setdefault(country, set()).add(name)
        for plan in plans:
            names = said.get(plan.id, set())
            if len(plans) > 1 and plan.leading_digits and "leading" not in names:
                continue
            kind = kind_of(plan, names)
            if kind or len(plans) == 1 or plan.leading_digits:
                return self.label(plan.id, kind)
        return 0


def descriptions(plan):
    own = [plan.premium_rate, plan.toll_free, plan.shared_cost, plan.voip, plan.personal_number, plan.pager, plan.uan, plan.voicemail]
    return [("general", plan.general_desc), *zip(KINDS, own), ("fixed", plan.fixed_line), ("mobile", plan.mobile)]


def kind_of(plan, names):
    if "general" not in names:
        return None
    for kind in KINDS:
        if kind in names:
            return kind
    if "fixed" in names:
        return "fixed_line_or_mobile" if "mobile" in names else "fixed_line"
    return "mobile" if "mobile" in names else None


def beginnings(pattern, length):
    """With which digits, so many of them, a prefix can begin, and whether each is all of the prefix; what is shorter may be followed by any."""
    if not pattern:
        return {}
    patterns = Patterns()
    start, end = patterns.add(pattern, None)
    reached = {"": patterns.reach([start])}
    for _ in range(length):
        longer = {}
        for begun, states in reached.items():
            for digit in range(10):
                after = {to for state in states for bits, to in patterns.steps[state] if bits >> digit & 1}
                # An empty beginning is no prefix.
                if after or (begun and end in states):
                    longer[f"{begun}{digit}"] = patterns.reach(after | ({end} if begun and end in states else set()))
        reached = longer
    return {begun: states == {end} for begun, states in sorted(reached.items())}


def home(plan):
    """What precedes numbers within a country: digits that are a whole prefix, digits with which one may begin, and how calls abroad begin."""
    prefixes = beginnings(plan.national_prefix_for_parsing, 1)
    plain = "".join(digit for digit, is_whole in prefixes.items() if is_whole)
    return f"{plan.id}\t{plan.country_code}\t{plain}\t{''.join(prefixes)}\t{' '.join(beginnings(plan.international_prefix, 2))}"


def runs(after):
    written, first = [], 0
    for digit in range(1, 11):
        if digit == 10 or after[digit] != after[first]:
            if after[first]:
                written.append(f"{first}{digit - 1}{after[first]:x}")
            first = digit
    return " ".join(written)


def lines():
    import phonenumbers
    from phonenumbers.phonemetadata import PhoneMetadata

    world = World()
    codes, homes = [], []
    for code, regions in sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE.items()):
        if regions == ("001",):
            plans = [PhoneMetadata.metadata_for_nongeo_region(code)]
        else:
            plans = [PhoneMetadata.metadata_for_region(region) for region in regions]
            homes += map(home, plans)
        root = world.add(plans)
        codes.append(f"{code}\t{root:x}\t{''.join(beginnings(plans[0].national_prefix_for_parsing, 1))}")
    yield "# Calling codes: the state to begin with (hexadecimal), and the first digits that a national prefix may have."
    yield from codes
    yield "# Countries: calling code, digits that are a national prefix by themselves, digits with which one may begin, first two of a call abroad."
    yield from homes
    yield "# Labels, from 1: a country and a kind."
    yield from (f"{country}\t{kind}" for country, kind in world.labels)
    yield "# States, from 0: the label of a number that ends here, and where digits lead: first digit, last digit, state."
    yield from (f"{label:x}\t{runs(after)}" for label, after in world.states)
