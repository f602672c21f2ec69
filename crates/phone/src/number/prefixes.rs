//! Operators and time zones by the first digits of a number, from tables of libphonenumber (`data/README.md`).
//! Never reads a file: the tables are text within the binary, unfolded when first asked.

use std::sync::LazyLock;

use super::Number;

/// As many first digits as the longest prefix has.
const DIGITS: u32 = 9;

static OPERATORS: LazyLock<Table> = LazyLock::new(|| Table::read(include_str!("../../data/operators.txt")));
static ZONES: LazyLock<Table> = LazyLock::new(|| Table::read(include_str!("../../data/zones.txt")));

/// The operator to whom the number's range was given.
pub fn operator(number: Number) -> Option<&'static str> {
    OPERATORS.longest(number.digits())
}

/// The time zones that the digits of a number tell, with `&` between them.
pub fn zones(number: Number) -> Option<&'static str> {
    ZONES.longest(number.digits())
}

/// All time zones of a calling code, with `&` between them.
pub fn zones_of_calling_code(code: u16) -> Option<&'static str> {
    ZONES.of_calling_code(code)
}

/// Prefixes as intervals of nine digits that do not overlap, so that the longest prefix is found by one binary search.
struct Table {
    /// Where an interval begins. It ends where the next does.
    starts: Vec<u32>,
    /// What holds from there, as an index of `values`; the last is nothing.
    holds: Vec<u16>,
    values: Vec<&'static str>,
    /// What holds for whole calling codes, by code. Padded to nine digits, +39 would read as +390.
    codes: Vec<(u16, &'static str)>,
}

impl Table {
    /// Lines of a value, a tab, and prefixes or runs of them (`first-last`); `#` begins a remark.
    fn read(text: &'static str) -> Self {
        let lines = text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t'));
        let (mut values, mut intervals, mut codes) = (Vec::new(), Vec::new(), Vec::new());
        for (value, prefixes) in lines {
            let index = values.len() as u16;
            values.push(value);
            for run in prefixes.split(' ') {
                let (first, last) = run.split_once('-').unwrap_or((run, run));
                let scale = 10_u32.pow(DIGITS.saturating_sub(first.len() as u32));
                let bound = |prefix: &str| prefix.parse::<u32>().expect("a prefix is at most nine digits") * scale;
                intervals.push((bound(first), bound(last) + scale, index));
                if first.len() <= 3 {
                    codes.extend((bound(first) / scale..=bound(last) / scale).map(|code| (code as u16, value)));
                }
            }
        }
        // Outer before inner: of those that begin alike, the one that ends later.
        intervals.sort_unstable_by_key(|(start, end, _)| (*start, u32::MAX - end));
        codes.sort_unstable();
        Self::flatten(&intervals, values, codes)
    }

    fn flatten(intervals: &[(u32, u32, u16)], values: Vec<&'static str>, codes: Vec<(u16, &'static str)>) -> Self {
        let nothing = values.len() as u16;
        let mut table = Self { starts: vec![0], holds: vec![nothing], values, codes };
        // Those that the current place lies in, the innermost last.
        let mut open: Vec<(u32, u16)> = Vec::new();
        for &(start, end, index) in intervals {
            table.close(&mut open, start, nothing);
            table.hold(start, index);
            open.push((end, index));
        }
        table.close(&mut open, u32::MAX, nothing);
        table
    }

    /// After an inner interval, the one around it holds again.
    fn close(&mut self, open: &mut Vec<(u32, u16)>, until: u32, nothing: u16) {
        while let Some((end, _)) = open.pop_if(|(end, _)| *end <= until) {
            self.hold(end, open.last().map_or(nothing, |(_, outer)| *outer));
        }
    }

    fn hold(&mut self, start: u32, index: u16) {
        if self.starts.last() == Some(&start) {
            self.starts.pop();
            self.holds.pop();
        }
        if self.holds.last() != Some(&index) {
            self.starts.push(start);
            self.holds.push(index);
        }
    }

    fn of_calling_code(&self, code: u16) -> Option<&'static str> {
        let at = self.codes.binary_search_by_key(&code, |(code, _)| *code).ok()?;
        Some(self.codes[at].1)
    }

    fn longest(&self, digits: u64) -> Option<&'static str> {
        let count = digits.checked_ilog10()? + 1;
        let nine =
            if count > DIGITS { digits / 10_u64.pow(count - DIGITS) } else { digits * 10_u64.pow(DIGITS - count) };
        let at = self.starts.partition_point(|start| u64::from(*start) <= nine) - 1;
        self.values.get(usize::from(self.holds[at])).copied().filter(|value| !value.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::Table;

    #[test]
    fn a_calling_code_has_a_value_of_its_own() {
        let table = Table::read("Rome\t390 391\nRome&Vatican\t39\nBoth\t60-62\n");
        assert_eq!(table.of_calling_code(39), Some("Rome&Vatican"));
        assert_eq!(table.of_calling_code(61), Some("Both"));
        assert_eq!(table.of_calling_code(63), None);
        assert_eq!(table.longest(3_901), Some("Rome"));
    }

    #[test]
    fn the_longest_prefix_holds_and_after_it_the_one_around_it() {
        let table = Table::read("# remark\nA\t1\nB\t12 15-17\nC\t123 1700\n\t16\nD\t129\nE\t7900405-7900409\n");
        let cases: [(u64, Option<&str>); 13] = [
            (11, Some("A")),
            (12, Some("B")),
            (123, Some("C")),
            (12_456, Some("B")),
            (129, Some("D")),
            (13, Some("A")),
            (15_000, Some("B")),
            (16_000, None),
            (1_700, Some("C")),
            (1_701, Some("B")),
            (2, None),
            (7_900_406_123_456, Some("E")),
            (7_900_410_123_456, None),
        ];
        for (digits, value) in cases {
            assert_eq!(table.longest(digits), value, "{digits}");
        }
    }
}
