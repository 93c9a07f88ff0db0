//! Maps that others made, where they lie beside the project; see docs/maps.md.
#![allow(clippy::unwrap_used)]

use std::path::Path;

use earshot_world::{path, tiled};

/// Each is read, or refused with a sentence; on what is read, one can walk from the entrance.
#[test]
fn maps_made_by_others_are_read_or_refused_with_a_reason() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/maps/rc3-cert");
    if !folder.exists() {
        eprintln!("skipped: there are no maps at {}", folder.display());
        return;
    }
    let mut read = 0;
    for name in ["gallerie.json", "hackcenter.json", "ceft/gat.json"] {
        let bytes = std::fs::read(folder.join(name)).unwrap();
        match tiled::read(&bytes) {
            Ok(map) => {
                read += 1;
                let from = map.spawn_for(0);
                assert!(map.is_free(from), "{name}");
                let reachable = (0..map.width() * map.height())
                    .map(|n| earshot_world::Tile { x: n % map.width(), y: n / map.width() })
                    .filter(|&tile| !map.is_blocked(tile) && path::route(&map, from, tile.center()).is_some())
                    .count();
                println!("{name}: {} by {}, {reachable} tiles to walk to", map.width(), map.height());
                assert!(reachable > 50, "{name}: only {reachable} tiles can be reached");
            }
            Err(error) => {
                println!("{name}: {error}");
                assert!(error.to_string().len() > 20);
            }
        }
    }
    assert!(read > 0, "none of the maps could be read");
}
