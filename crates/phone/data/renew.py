#!/usr/bin/env python3
"""Makes operators.txt, zones.txt, plans.txt and fixtures/numbers.tsv anew from the Python package `phonenumbers`, which carries libphonenumber's own tables.

    python3 -m pip download --no-deps -d /tmp/phonenumbers phonenumbers
    python3 crates/phone/data/renew.py /tmp/phonenumbers/phonenumbers-*.whl

README.md says which version to take. Afterwards run `cargo test -p convo-phone`.
"""

import pathlib
import random
import sys
from collections import defaultdict

import plans

HERE = pathlib.Path(__file__).parent


def runs(prefixes):
    """Neighbours of one length as `first-last`: 7900405-7900409."""
    written, first, last = [], None, None
    for prefix in sorted(prefixes, key=lambda prefix: (len(prefix), prefix)):
        if last and len(prefix) == len(last) and int(prefix) == int(last) + 1:
            last = prefix
            continue
        if first:
            written.append(first if first == last else f"{first}-{last}")
        first = last = prefix
    written.append(first if first == last else f"{first}-{last}")
    return " ".join(sorted(written))


def origin(version):
    return f"# From libphonenumber {version}, Copyright (C) The Libphonenumber Authors, Apache License 2.0; see README.md. Made by renew.py."


def write(name, what, version, table):
    by_value = defaultdict(list)
    for prefix, value in table.items():
        by_value[value].append(prefix)
    lines = [
        f"# {what}, by the first digits of E.164 numbers; the longest prefix counts.",
        origin(version),
    ]
    lines += [f"{value}\t{runs(prefixes)}" for value, prefixes in sorted(by_value.items())]
    (HERE / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


KINDS = "fixed_line mobile fixed_line_or_mobile toll_free premium_rate shared_cost voip personal pager company voicemail".split()


def describe(number):
    """One line of the fixture: what the Python port says of a number."""
    import phonenumbers
    from phonenumbers import PhoneNumberFormat, carrier, timezone

    kind = phonenumbers.number_type(number)
    name = KINDS[kind] if kind < len(KINDS) else ""
    zones = [zone for zone in timezone.time_zones_for_number(number) if zone != "Etc/Unknown"]
    fields = [
        phonenumbers.format_number(number, PhoneNumberFormat.E164),
        phonenumbers.region_code_for_number(number) or "",
        name,
        carrier.name_for_number(number, "en"),
        "&".join(zones),
        phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL),
    ]
    return "\t".join(fields)


def fixture(version):
    """An example of each kind of each country, and a number near it."""
    import phonenumbers

    random.seed(version)
    numbers = {}
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        for kind in range(len(KINDS)):
            example = phonenumbers.example_number_for_type(region, kind)
            if not example:
                continue
            digits = int(phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)[1:])
            for near in (digits, digits + random.randrange(1, 10 ** random.randrange(3, 7))):
                try:
                    number = phonenumbers.parse(f"+{near}")
                except phonenumbers.NumberParseException:
                    continue
                if phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE:
                    numbers.setdefault(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), number)
    lines = [f"# What libphonenumber {version} says, by its Python port: number, country, kind, operator, zones, in its country."]
    lines += [describe(number) for number in numbers.values()]
    (HERE.parent / "fixtures" / "numbers.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def main(wheel):
    sys.path.insert(0, wheel)
    import phonenumbers
    from phonenumbers.carrierdata import CARRIER_DATA
    from phonenumbers.tzdata import TIMEZONE_DATA

    version = phonenumbers.__version__
    # A few ranges have a name in their own language alone. An empty name says that a part of a longer range is nobody's.
    operators = {prefix: names.get("en") or next(iter(names.values())) for prefix, names in CARRIER_DATA.items()}
    write("operators.txt", "Operators to whom ranges were given", version, operators)
    write("zones.txt", "Time zones", version, {prefix: "&".join(zones) for prefix, zones in TIMEZONE_DATA.items()})
    (HERE / "plans.txt").write_text("\n".join([origin(version), *plans.lines()]) + "\n", encoding="utf-8")
    fixture(version)


if __name__ == "__main__":
    main(sys.argv[1])
