//! The closed palette: every colour the place may show, in ramps that run from blue-violet shadows to yellow lights.
//! Deliberately absent: skin, hair and cloth colours of avatars, which people pick themselves (see `avatar::colours`).

/// An index into [`COLOURS`]; 0 is nothing at all.
pub type Ink = u8;
/// Outline, shade, base, light, rim: what one material needs and no more.
pub type Ramp = [Ink; 5];

macro_rules! inks {
    ($($name:ident $label:literal $rgb:literal)*) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        #[repr(u8)]
        enum Order { NONE, $($name),* }
        $(pub const $name: Ink = Order::$name as Ink;)*
        /// Name and 24-bit colour of every ink, in order; entry 0 is the transparent one.
        pub const COLOURS: &[(&str, u32)] = &[("none", 0), $(($label, $rgb)),*];
        const _: Ink = Order::NONE as Ink;
    };
}

inks! {
    INK0 "ink-0" 0x1b1626
    INK1 "ink-1" 0x2d2440
    INK2 "ink-2" 0x453a5c
    ST0 "stone-0" 0x5f5a78
    ST1 "stone-1" 0x84839b
    ST2 "stone-2" 0xa9abb8
    ST3 "stone-3" 0xcdd0d4
    ST4 "stone-4" 0xf0f1ec
    CR0 "cream-0" 0x7d6377
    CR1 "cream-1" 0xa98b8c
    CR2 "cream-2" 0xd2b7a0
    CR3 "cream-3" 0xecd9b8
    CR4 "cream-4" 0xfdf4dc
    OK0 "oak-0" 0xb8896b
    OK1 "oak-1" 0xc79a78
    OK2 "oak-2" 0xd3a984
    WD0 "wood-0" 0x43263a
    WD1 "wood-1" 0x6b3a3f
    WD2 "wood-2" 0x94543f
    WD3 "wood-3" 0xbd7b48
    WD4 "wood-4" 0xdea663
    WD5 "wood-5" 0xf5d293
    WN1 "walnut-1" 0x5a3645
    WN2 "walnut-2" 0x80504c
    WN3 "walnut-3" 0xa97458
    RD0 "red-0" 0x54203f
    RD1 "red-1" 0x8c2c45
    RD2 "red-2" 0xc24546
    RD3 "red-3" 0xe57655
    RD4 "red-4" 0xf8b07c
    GD1 "gold-1" 0xc47a35
    GD2 "gold-2" 0xeaa83c
    GD3 "gold-3" 0xfad463
    GD4 "gold-4" 0xfff2ac
    LF0 "leaf-0" 0x1e3546
    LF1 "leaf-1" 0x28564e
    LF2 "leaf-2" 0x3d7d4f
    LF3 "leaf-3" 0x68a04f
    LF4 "leaf-4" 0xa3c75d
    LF5 "leaf-5" 0xdbe98c
    GR0 "grass-0" 0x7ba857
    GR1 "grass-1" 0x8bb45f
    TL1 "teal-1" 0x23596c
    TL2 "teal-2" 0x338782
    TL3 "teal-3" 0x63b596
    TL4 "teal-4" 0xaadfb6
    BL0 "blue-0" 0x2a2a5e
    BL1 "blue-1" 0x37508f
    BL2 "blue-2" 0x4a7cbf
    BL3 "blue-3" 0x6db1e0
    BL4 "blue-4" 0xb4e3f3
    PU0 "purple-0" 0x3b2459
    PU1 "purple-1" 0x5f3a82
    PU2 "purple-2" 0x8e5cae
    PU3 "purple-3" 0xc294d6
    PK1 "pink-1" 0xb84d7c
    PK2 "pink-2" 0xe4809a
    PK3 "pink-3" 0xf9bfbd
    CB0 "carpet-blue-0" 0x5d6b95
    CB1 "carpet-blue-1" 0x66759e
    CT0 "carpet-teal-0" 0x5a8a86
    CT1 "carpet-teal-1" 0x64958e
    CP0 "carpet-rose-0" 0xa8656b
    CP1 "carpet-rose-1" 0xb37172
}

pub const WOOD: Ramp = [WD1, WD2, WD3, WD4, WD5];
pub const WALNUT: Ramp = [WD0, WN1, WN2, WN3, OK1];
pub const BIRCH: Ramp = [WN2, OK0, CR2, CR3, CR4];
pub const CREAM: Ramp = [CR0, CR1, CR2, CR3, CR4];
pub const STONE: Ramp = [ST0, ST1, ST2, ST3, ST4];
pub const DARK: Ramp = [INK0, INK1, INK2, ST0, ST1];
pub const RED: Ramp = [RD0, RD1, RD2, RD3, RD4];
pub const GOLD: Ramp = [WD2, GD1, GD2, GD3, GD4];
pub const LEAF: Ramp = [LF0, LF1, LF2, LF3, LF4];
pub const LIME: Ramp = [LF1, LF2, LF3, LF4, LF5];
pub const TEAL: Ramp = [LF0, TL1, TL2, TL3, TL4];
pub const BLUE: Ramp = [BL0, BL1, BL2, BL3, BL4];
pub const PURPLE: Ramp = [PU0, PU1, PU2, PU3, PK3];
pub const PINK: Ramp = [RD1, PK1, PK2, PK3, CR4];
pub const OAK: Ramp = [WN3, OK0, OK1, OK2, CR3];
pub const CARPET_BLUE: Ramp = [BL0, BL1, CB0, CB1, BL3];
pub const CARPET_TEAL: Ramp = [LF0, TL1, CT0, CT1, TL4];
pub const CARPET_ROSE: Ramp = [RD0, RD1, CP0, CP1, PK3];
pub const GRASS: Ramp = [LF2, LF3, GR0, GR1, LF4];

/// The order matters: an ink that sits in several ramps is outlined as in the first one here.
const RAMPS: &[Ramp] = &[
    WOOD,
    WALNUT,
    CREAM,
    STONE,
    DARK,
    RED,
    GOLD,
    LEAF,
    LIME,
    TEAL,
    BLUE,
    PURPLE,
    PINK,
    OAK,
    CARPET_BLUE,
    CARPET_TEAL,
    CARPET_ROSE,
    GRASS,
];

/// The outline for a fill: the ramp's darkest hue on the shadow side, one step softer where the light comes from.
pub fn outline_of(ink: Ink, lit: bool) -> Ink {
    let ramp = RAMPS.iter().find(|ramp| ramp.contains(&ink));
    ramp.map_or(INK1, |ramp| if lit { ramp[1] } else { ramp[0] })
}

pub fn rgb(ink: Ink) -> [u8; 3] {
    let value = COLOURS[usize::from(ink)].1;
    [(value >> 16) as u8, (value >> 8) as u8, value as u8]
}

pub fn hex(ink: Ink) -> String {
    format!("#{:06x}", COLOURS[usize::from(ink)].1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_palette_has_48_to_64_different_colours() {
        let mut seen: Vec<u32> = COLOURS[1..].iter().map(|c| c.1).collect();
        let count = seen.len();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), count, "two inks share a colour");
        assert!((48..=64).contains(&count), "{count} colours");
    }
}
