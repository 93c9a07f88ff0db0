//! The head and the face: large eyes that read at one to one, a small mouth, a warm cheek.

use super::pose::{Dir, Pose};
use super::{EYES, LASH, MOUTH, SKIN, WHITE, edge};
use crate::canvas::Canvas;

pub fn head(c: &mut Canvas, p: &Pose) {
    let y = p.head_y();
    if p.profile() {
        c.rrect(7, y, 18, 20, 8, SKIN + 3);
        c.rect(10, y + 12, 15, 6, SKIN + 3);
        c.dot(25, y + 13, SKIN + 3);
        c.rect(24, y + 12, 2, 2, SKIN + 3);
        // Jaw and neck in shade.
        c.h(12, y + 19, 10, SKIN + 2);
        c.h(10, y + 18, 13, SKIN + 2);
        edge(c);
        c.rect(13, y + 11, 3, 4, SKIN + 4);
        c.rect(14, y + 12, 2, 2, SKIN + 2);
        c.h(20, y + 15, 2, SKIN + 2);
        c.h(20, y + 16, 2, SKIN + 2);
        return;
    }
    c.rrect(6, y, 20, 20, 8, SKIN + 3);
    c.rect(6, y + 9, 20, 5, SKIN + 3);
    c.rect(5, y + 11, 1, 3, SKIN + 3);
    c.rect(26, y + 11, 1, 3, SKIN + 2);
    c.h(10, y + 19, 12, SKIN + 2);
    c.h(9, y + 18, 14, SKIN + 2);
    c.v(25, y + 8, 6, SKIN + 2);
    c.v(24, y + 13, 4, SKIN + 2);
    edge(c);
    if p.dir == Dir::Down {
        c.rect(8, y + 15, 3, 2, SKIN + 2);
        c.rect(21, y + 15, 3, 2, SKIN + 2);
        c.v(7, y + 8, 5, SKIN + 4);
    }
}

pub fn eyes(c: &mut Canvas, p: &Pose) {
    let y = p.head_y();
    match p.dir {
        Dir::Up => {}
        Dir::Down => {
            for x in [10, 19] {
                eye(c, x, y + 10, p.blink, x < 16);
            }
            c.h(14, y + 16, 1, MOUTH);
            c.h(17, y + 16, 1, MOUTH);
            c.h(15, y + 17, 2, MOUTH);
        }
        _ => {
            eye(c, 20, y + 10, p.blink, true);
            c.h(22, y + 17, 2, MOUTH);
            c.dot(24, y + 16, MOUTH);
        }
    }
}

/// Three wide, five tall: a lash, a dark iris with a spark, light gathering at its foot.
fn eye(c: &mut Canvas, x: i32, y: i32, blink: bool, left: bool) {
    if blink {
        c.h(x, y + 3, 3, LASH);
        c.dots(&[(x - 1, y + 2)], if left { LASH } else { 0 });
        c.dots(&[(x + 3, y + 2)], if left { 0 } else { LASH });
        return;
    }
    c.h(x, y, 3, LASH);
    c.rect(x, y + 1, 3, 4, LASH);
    c.rect(x, y + 2, 3, 3, EYES + 1);
    c.h(x, y + 4, 3, EYES + 3);
    c.dot(x + 2, y + 3, EYES + 2);
    c.rect(x, y + 1, 2, 1, WHITE);
    c.dot(x, y + 2, WHITE);
    c.dot(x + 2, y + 4, WHITE);
}
