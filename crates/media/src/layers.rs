//! Which layer of each picture a receiver gets: as much as it shows, and no more than its link takes.
//!
//! Everybody gets the lowest layer before anybody gets a better one, most important first: a poor link makes pictures small and
//! does not freeze some of them. A better layer has to fit with room to spare; what is there stays as long as it just fits. So does
//! the lowest of a picture that had to be taken off (`withheld.rs` says when it comes back). Voices are no matter of this: the budget is what
//! they leave.

/// One of the sizes in which a picture is sent at once (simulcast), lowest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layer {
    pub height_px: u32,
    /// As measured over the last second; 0: nothing comes.
    pub bits_per_s: u64,
}

/// How much a picture matters; the first matters most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Importance {
    Screen,
    Pinned,
    Camera,
}

/// A picture that a receiver wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    pub importance: Importance,
    /// How large it is shown; 0: not at all.
    pub shown_px: u32,
    pub layers: Vec<Layer>,
    /// What it gets now.
    pub current: Option<usize>,
    /// It was taken off for want of room.
    pub is_withheld: bool,
}

/// To get better, this much of the link must be left over afterwards, in hundredths: an estimate is one.
const SPARE_PERCENT: u64 = 15;

/// What each wish gets: a layer, or nothing. Together they never take more than the budget.
pub fn allocate(budget_bits_per_s: u64, wishes: &[Wish]) -> Vec<Option<usize>> {
    let mut order: Vec<usize> = (0..wishes.len()).collect();
    order
        .sort_by_key(|&index| wishes.get(index).map(|wish| (wish.importance, std::cmp::Reverse(wish.shown_px), index)));
    let mut given: Vec<Option<usize>> = vec![None; wishes.len()];
    let mut left = budget_bits_per_s;
    // Round by round, each one step up, until nobody can take another.
    loop {
        let mut changed = false;
        for &index in &order {
            let (Some(wish), Some(place)) = (wishes.get(index), given.get_mut(index)) else { continue };
            if let Some((next, cost)) = step_up(wish, *place)
                && fits(wish, next, cost, left, budget_bits_per_s)
            {
                (*place, left) = (Some(next), left - cost);
                changed = true;
            }
        }
        if !changed {
            return given;
        }
    }
}

/// What is worth finding out about a link: whether it takes what is given already, and the cheapest step up from there.
pub fn strive(wishes: &[Wish], given: &[Option<usize>]) -> u64 {
    let both = wishes.iter().zip(given);
    let step = both.filter_map(|(wish, given)| step_up(wish, *given)).map(|(_, cost)| cost).min().unwrap_or(0);
    (used(wishes, given) + step) / 100 * (100 + SPARE_PERCENT * 2)
}

/// What all that is given takes.
pub fn used(wishes: &[Wish], given: &[Option<usize>]) -> u64 {
    let layers = wishes.iter().zip(given).filter_map(|(wish, given)| wish.layers.get((*given)?));
    layers.map(|layer| layer.bits_per_s).sum()
}

/// The lowest layer that comes, and what it takes, where anything is wished for.
pub fn lowest(wish: &Wish) -> Option<(usize, u64)> {
    step_up(wish, None)
}

/// The next better layer that comes and is not larger than is needed, and what it costs more.
fn step_up(wish: &Wish, from: Option<usize>) -> Option<(usize, u64)> {
    let comes = |index: &usize| wish.layers.get(*index).is_some_and(|layer| layer.bits_per_s > 0);
    let paid = from.and_then(|index| wish.layers.get(index)).map_or(0, |layer| layer.bits_per_s);
    let needed = needed(wish)?;
    let next = (from.map_or(0, |index| index + 1)..=needed).find(comes)?;
    Some((next, wish.layers.get(next)?.bits_per_s.saturating_sub(paid)))
}

/// The lowest layer that is as large as it is shown, or the best there is.
fn needed(wish: &Wish) -> Option<usize> {
    if wish.shown_px == 0 {
        return None;
    }
    let large = wish.layers.iter().position(|layer| layer.bits_per_s > 0 && layer.height_px >= wish.shown_px);
    large.or(wish.layers.len().checked_sub(1))
}

fn fits(wish: &Wish, next: usize, cost: u64, left: u64, budget: u64) -> bool {
    let is_there = wish.current.is_some_and(|current| current >= next);
    let is_first = next == 0 && !wish.is_withheld;
    let spare = if is_there || is_first { 0 } else { budget / 100 * SPARE_PERCENT };
    left >= cost.saturating_add(spare)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LAYERS: [Layer; 3] = [
        Layer { height_px: 180, bits_per_s: 150_000 },
        Layer { height_px: 360, bits_per_s: 500_000 },
        Layer { height_px: 720, bits_per_s: 1_700_000 },
    ];

    fn camera(shown_px: u32) -> Wish {
        Wish { importance: Importance::Camera, shown_px, layers: LAYERS.to_vec(), current: None, is_withheld: false }
    }

    #[test]
    fn nobody_gets_more_than_they_show() {
        let wishes = [camera(720), camera(200), camera(100), camera(0), camera(2_000)];
        assert_eq!(allocate(100_000_000, &wishes), [Some(2), Some(1), Some(0), None, Some(2)]);
    }

    #[test]
    fn a_poor_link_makes_all_small_before_it_freezes_any() {
        let wishes = [camera(720), camera(720), camera(720)];
        assert_eq!(allocate(1_000_000, &wishes), [Some(1), Some(0), Some(0)]);
        assert_eq!(allocate(300_000, &wishes), [Some(0), Some(0), None]);
        assert_eq!(allocate(0, &wishes), [None; 3]);
        let screen = Wish { importance: Importance::Screen, ..camera(720) };
        assert_eq!(allocate(160_000, &[camera(720), screen]), [None, Some(0)]);
    }

    #[test]
    fn to_get_better_takes_room_to_spare_and_to_stay_does_not() {
        let staying = Wish { current: Some(1), ..camera(720) };
        assert_eq!(allocate(510_000, &[camera(720)]), [Some(0)]);
        assert_eq!(allocate(510_000, std::slice::from_ref(&staying)), [Some(1)]);
        assert_eq!(allocate(490_000, &[staying]), [Some(0)]);
    }

    #[test]
    fn what_was_taken_off_comes_back_with_room_to_spare() {
        let back = Wish { is_withheld: true, ..camera(720) };
        let new = camera(720);
        assert_eq!(allocate(160_000, std::slice::from_ref(&back)), [None]);
        assert_eq!(allocate(160_000, &[back.clone(), new.clone()]), [None, Some(0)]);
        assert_eq!(allocate(180_000, &[back, new]), [Some(0), None]);
    }

    #[test]
    fn a_layer_that_does_not_come_is_left_out() {
        let mut wish = camera(300);
        wish.layers[1].bits_per_s = 0;
        assert_eq!(allocate(10_000_000, &[wish.clone()]), [Some(2)]);
        wish.layers[2].bits_per_s = 0;
        assert_eq!(allocate(10_000_000, &[wish]), [Some(0)]);
    }

    #[test]
    fn it_strives_for_one_step_at_a_time() {
        let two = [camera(720), camera(720)];
        assert_eq!(strive(&two, &[None, None]), 195_000);
        assert_eq!(strive(&two, &[Some(0), None]), 390_000);
        assert_eq!(strive(&two, &[Some(0), Some(0)]), 845_000);
        assert_eq!(strive(&two, &[Some(2), Some(2)]), 4_420_000);
        assert_eq!(strive(&[], &[]), 0);
    }

    fn any_wish() -> impl Strategy<Value = Wish> {
        let importance = prop_oneof![Just(Importance::Screen), Just(Importance::Pinned), Just(Importance::Camera)];
        let layers = proptest::collection::vec((1_u32..2_000, 0_u64..3_000_000), 0..4);
        (importance, 0_u32..1_500, layers, proptest::option::of(0_usize..4), any::<bool>()).prop_map(
            |(importance, shown_px, layers, current, is_withheld)| {
                let mut layers: Vec<_> =
                    layers.into_iter().map(|(height_px, bits_per_s)| Layer { height_px, bits_per_s }).collect();
                layers.sort_by_key(|layer| layer.height_px);
                Wish { importance, shown_px, layers, current, is_withheld }
            },
        )
    }

    proptest! {
        #[test]
        fn together_they_fit_and_what_is_not_shown_is_not_sent(
            wishes in proptest::collection::vec(any_wish(), 0..30),
            budget in 0_u64..20_000_000,
        ) {
            let given = allocate(budget, &wishes);
            let bits = |(wish, given): (&Wish, &Option<usize>)| given.map_or(0, |index| wish.layers[index].bits_per_s);
            // A layer may be cheaper than a lower one; then the lower one is what was paid.
            let paid = |(wish, given): (&Wish, &Option<usize>)| {
                given.map_or(0, |index| wish.layers[..=index].iter().map(|layer| layer.bits_per_s).max().unwrap_or(0))
            };
            prop_assert!(wishes.iter().zip(&given).map(bits).sum::<u64>() <= wishes.iter().zip(&given).map(paid).sum::<u64>());
            prop_assert!(wishes.iter().zip(&given).map(bits).sum::<u64>() <= budget);
            for (wish, given) in wishes.iter().zip(&given) {
                prop_assert!(wish.shown_px > 0 || given.is_none());
                prop_assert!(given.is_none_or(|index| wish.layers[index].bits_per_s > 0));
            }
            // What was given can be kept.
            let again: Vec<_> = wishes.iter().zip(&given).map(|(wish, &current)| Wish { current, ..wish.clone() }).collect();
            prop_assert!(allocate(budget, &again).iter().zip(&given).all(|(again, given)| again >= given || given.is_none()));
        }
    }
}
