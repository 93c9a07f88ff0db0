//! The favicon: an ear that listens, in the colours of the house.

use crate::canvas::Canvas;
use crate::palette::*;

pub fn draw() -> Canvas {
    let mut c = Canvas::new(32, 32);
    c.rrect(0, 0, 32, 32, 8, TL1);
    c.rrect(1, 1, 30, 28, 7, TL2);
    c.oval(7, 5, 16, 17, CR4);
    c.oval(10, 8, 10, 11, TL2);
    c.rect(8, 14, 6, 8, CR4);
    c.rect(14, 17, 5, 6, CR4);
    c.oval(9, 18, 9, 9, CR4);
    c.rect(12, 12, 4, 4, GD3);
    c.line(25, 9, 27, 13, GD3);
    c.line(27, 13, 25, 17, GD3);
    c
}

/// The same drawing as rectangles, one for each run of a colour.
pub fn svg() -> String {
    let c = draw();
    let mut out =
        String::from("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 32 32\" shape-rendering=\"crispEdges\">");
    for y in 0..c.h {
        let mut x = 0;
        while x < c.w {
            let px = c.get(x, y);
            let mut run = 1;
            while x + run < c.w && c.get(x + run, y) == px {
                run += 1;
            }
            if px.alpha > 0 {
                out.push_str(&format!("<path fill=\"{}\" d=\"M{x} {y}h{run}v1h-{run}z\"/>", hex(px.ink)));
            }
            x += run;
        }
    }
    out.push_str("</svg>\n");
    out
}
