//! How long voices are on their way, in classes of a quarter of a millisecond.

const CLASSES: usize = 4_000;
const PER_MS: f64 = 4.0;

#[derive(Debug)]
pub struct Delays {
    counts: Vec<u32>,
    total: u64,
}

impl Default for Delays {
    fn default() -> Self {
        Self { counts: vec![0; CLASSES], total: 0 }
    }
}

impl Delays {
    pub fn note(&mut self, delay_ms: f64) {
        let class = ((delay_ms * PER_MS) as usize).min(CLASSES - 1);
        if let Some(count) = self.counts.get_mut(class) {
            *count += 1;
            self.total += 1;
        }
    }

    /// In milliseconds; what is a second or more late is counted as one.
    pub fn percentile(&self, share: f64) -> f64 {
        let (wanted, mut seen) = ((self.total as f64 * share) as u64, 0);
        for (class, count) in self.counts.iter().enumerate() {
            seen += u64::from(*count);
            if seen > wanted {
                return (class + 1) as f64 / PER_MS;
            }
        }
        0.0
    }

    pub fn forget(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_all() {
        let mut delays = Delays::default();
        (0..1_000).for_each(|n| delays.note(f64::from(n) / 100.0));
        delays.note(5_000.0);
        assert!((delays.percentile(0.5) - 5.0).abs() < 0.5);
        assert!((delays.percentile(0.999) - 10.0).abs() < 0.5);
        assert!(delays.percentile(1.0).abs() < f64::EPSILON || delays.percentile(0.9999) > 999.0);
    }
}
