//! RFC 3492, one way: a label of a host name as the network writes it. Letters that look like others give themselves away in it.

const BASE: u32 = 36;
const T_MIN: u32 = 1;
const T_MAX: u32 = 26;
const SKEW: u32 = 38;
const DAMP: u32 = 700;
const BIAS_FIRST: u32 = 72;
const FIRST: u32 = 128;

/// The label in ASCII; None where it is too strange to be one. Labels are short, so that the square of their length is no matter.
pub fn to_ascii(label: &str) -> Option<String> {
    if label.is_ascii() {
        return Some(label.into());
    }
    let letters: Vec<u32> = label.chars().map(u32::from).collect();
    let mut out: String = label.chars().filter(char::is_ascii).collect();
    let plain = u32::try_from(out.len()).ok()?;
    if plain > 0 {
        out.push('-');
    }
    let (mut next, mut delta, mut bias, mut done) = (FIRST, 0_u32, BIAS_FIRST, plain);
    while (done as usize) < letters.len() {
        let least = letters.iter().copied().filter(|&letter| letter >= next).min()?;
        delta = delta.checked_add((least - next).checked_mul(done + 1)?)?;
        next = least;
        for &letter in &letters {
            if letter < next {
                delta = delta.checked_add(1)?;
            }
            if letter == next {
                push_number(&mut out, delta, bias);
                bias = adapt(delta, done + 1, done == plain);
                delta = 0;
                done += 1;
            }
        }
        delta = delta.checked_add(1)?;
        next = next.checked_add(1)?;
    }
    Some(format!("xn--{out}"))
}

fn push_number(out: &mut String, number: u32, bias: u32) {
    let mut rest = number;
    let mut k = BASE;
    loop {
        let threshold = k.saturating_sub(bias).clamp(T_MIN, T_MAX);
        if rest < threshold {
            break;
        }
        let span = BASE - threshold;
        out.push(digit(threshold + (rest - threshold) % span));
        rest = (rest - threshold) / span;
        k += BASE;
    }
    out.push(digit(rest));
}

fn digit(value: u32) -> char {
    char::from_digit(if value < 26 { value + 10 } else { value - 26 }, BASE).unwrap_or('0')
}

fn adapt(delta: u32, count: u32, first: bool) -> u32 {
    let mut delta = if first { delta / DAMP } else { delta / 2 };
    delta += delta / count;
    let mut k = 0;
    while delta > ((BASE - T_MIN) * T_MAX) / 2 {
        delta /= BASE - T_MIN;
        k += BASE;
    }
    k + (BASE - T_MIN + 1) * delta / (delta + SKEW)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_as_the_network_writes_them() {
        let known = [
            ("example", "example"),
            ("bücher", "xn--bcher-kva"),
            ("münchen-ost", "xn--mnchen-ost-9db"),
            ("аpple", "xn--pple-43d"),
            ("пример", "xn--e1afmkfd"),
            ("例え", "xn--r8jz45g"),
            ("他们为什么不说中文", "xn--ihqwcrb4cv8a8dqg056pqjye"),
            ("🦊", "xn--9s9h"),
        ];
        for (label, ascii) in known {
            assert_eq!(to_ascii(label).as_deref(), Some(ascii), "{label}");
        }
    }
}
