//! What its user says to it, one line each: `cut`, `heal`, `delay MS`, `jitter MS`, `loss PERCENT`, `rate KBIT_PER_S`,
//! `counts`.

use crate::link::{Input, LOSS_PPM_MAX, Weather};

/// A line, understood.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Command {
    Cut,
    Heal,
    Set(Setting, f64),
    Counts,
}

/// One part of the weather.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    DelayMs,
    JitterMs,
    LossPercent,
    /// 0: no limit.
    RateKbitPerS,
}

/// A line that is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Misunderstood {
    #[error("there is no command {0:?}")]
    Unknown(String),
    #[error("{0} takes a number from 0 to {1}")]
    Number(String, u64),
}

impl Setting {
    /// By the name of the command, or of the program's option without its dashes.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "delay" => Some(Self::DelayMs),
            "jitter" => Some(Self::JitterMs),
            "loss" => Some(Self::LossPercent),
            "rate" => Some(Self::RateKbitPerS),
            _ => None,
        }
    }

    fn max(self) -> u64 {
        match self {
            Self::DelayMs | Self::JitterMs => 60_000,
            Self::LossPercent => 100,
            Self::RateKbitPerS => 100_000_000,
        }
    }

    /// The weather with this part of it changed.
    pub fn apply(self, value: f64, weather: Weather) -> Weather {
        match self {
            Self::DelayMs => Weather { delay_us: (value * 1_000.0) as u64, ..weather },
            Self::JitterMs => Weather { jitter_us: (value * 1_000.0) as u64, ..weather },
            Self::LossPercent => {
                Weather { loss_ppm: (value * f64::from(LOSS_PPM_MAX) / 100.0).round() as u32, ..weather }
            }
            Self::RateKbitPerS => {
                let rate = (value * 125.0) as u64;
                Weather { rate_bytes_per_s: (rate > 0).then_some(rate), ..weather }
            }
        }
    }
}

/// Reads the value of a setting.
pub fn parse_value(setting: Setting, name: &str, text: &str) -> Result<f64, Misunderstood> {
    let max = setting.max();
    let value = text.parse::<f64>().ok().filter(|value| (0.0..=max as f64).contains(value));
    value.ok_or_else(|| Misunderstood::Number(name.to_owned(), max))
}

/// Reads a line.
pub fn parse(line: &str) -> Result<Command, Misunderstood> {
    let mut words = line.split_whitespace();
    let (word, value, rest) = (words.next().unwrap_or_default(), words.next(), words.next());
    let unknown = || Misunderstood::Unknown(line.trim().to_owned());
    match (word, value, rest) {
        ("cut", None, None) => Ok(Command::Cut),
        ("heal", None, None) => Ok(Command::Heal),
        ("counts", None, None) => Ok(Command::Counts),
        (name, Some(value), None) => {
            let setting = Setting::named(name).ok_or_else(unknown)?;
            Ok(Command::Set(setting, parse_value(setting, name, value)?))
        }
        _ => Err(unknown()),
    }
}

impl Command {
    /// What it is for the link; nothing if it only asks.
    pub fn input(self, weather: Weather) -> Option<Input> {
        match self {
            Self::Cut => Some(Input::Cut),
            Self::Heal => Some(Input::Healed),
            Self::Set(setting, value) => Some(Input::Changed(setting.apply(value, weather))),
            Self::Counts => None,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn lines_are_read_strictly() {
        assert_eq!(parse(" cut \n"), Ok(Command::Cut));
        assert_eq!(parse("loss 2.5"), Ok(Command::Set(Setting::LossPercent, 2.5)));
        for bad in ["", "cut it", "loss", "loss much", "loss 101", "loss -1", "loss NaN", "delay 1 2", "rate inf"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn units_come_out_right() {
        let set = |line: &str, weather| match parse(line).unwrap().input(weather) {
            Some(Input::Changed(weather)) => weather,
            _ => weather,
        };
        let weather =
            ["delay 50", "jitter 2.5", "loss 5", "rate 800"].iter().fold(Weather::CALM, |now, line| set(line, now));
        let expected =
            Weather { delay_us: 50_000, jitter_us: 2_500, loss_ppm: 50_000, rate_bytes_per_s: Some(100_000) };
        assert_eq!(weather, expected);
        assert_eq!(set("rate 0", weather).rate_bytes_per_s, None);
    }
}
