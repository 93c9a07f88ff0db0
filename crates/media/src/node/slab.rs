//! Things with numbers that are used again, and a count so that an old number never means a new thing.

/// The place of one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    index: u32,
    generation: u32,
}

#[derive(Debug)]
pub struct Slab<T> {
    places: Vec<(u32, Option<T>)>,
    free: Vec<u32>,
}

impl<T> Default for Slab<T> {
    fn default() -> Self {
        Self { places: Vec::new(), free: Vec::new() }
    }
}

impl<T> Slab<T> {
    pub fn len(&self) -> usize {
        self.places.len() - self.free.len()
    }

    pub fn insert(&mut self, thing: T) -> Key {
        self.insert_with(|_| thing)
    }

    /// For what has to know its own key.
    pub fn insert_with(&mut self, make: impl FnOnce(Key) -> T) -> Key {
        let free = self.free.pop().and_then(|index| Some((index, self.places.get_mut(index as usize)?)));
        if let Some((index, place)) = free {
            let key = Key { index, generation: place.0 };
            place.1 = Some(make(key));
            return key;
        }
        let key = Key { index: u32::try_from(self.places.len()).unwrap_or(u32::MAX), generation: 0 };
        self.places.push((0, Some(make(key))));
        key
    }

    pub fn get(&self, key: Key) -> Option<&T> {
        let place = self.places.get(key.index as usize).filter(|place| place.0 == key.generation)?;
        place.1.as_ref()
    }

    pub fn get_mut(&mut self, key: Key) -> Option<&mut T> {
        let place = self.places.get_mut(key.index as usize).filter(|place| place.0 == key.generation)?;
        place.1.as_mut()
    }

    pub fn remove(&mut self, key: Key) -> Option<T> {
        let place = self.places.get_mut(key.index as usize).filter(|place| place.0 == key.generation)?;
        let thing = place.1.take()?;
        place.0 = place.0.wrapping_add(1);
        self.free.push(key.index);
        Some(thing)
    }

    pub fn iter(&self) -> impl Iterator<Item = (Key, &T)> {
        self.places.iter().enumerate().filter_map(|(index, (generation, thing))| {
            let key = Key { index: u32::try_from(index).ok()?, generation: *generation };
            Some((key, thing.as_ref()?))
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_old_key_never_means_a_new_thing() {
        let mut slab = Slab::default();
        let first = slab.insert("first");
        assert_eq!(slab.remove(first), Some("first"));
        let second = slab.insert("second");
        assert_ne!(first, second);
        assert_eq!(slab.remove(first), None);
        assert_eq!((slab.get(first), slab.get(second)), (None, Some(&"second")));
        *slab.get_mut(second).unwrap() = "third";
        assert_eq!((slab.len(), slab.iter().collect::<Vec<_>>()), (1, vec![(second, &"third")]));
    }
}
