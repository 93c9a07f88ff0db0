//! A bad network on purpose: packets between two TUN devices are delayed, jittered, lost and slowed down, by a seed.
//!
//! For tests on Linux, as root, where the kernel has no netem. What happens to a packet is decided in [`link`], without a
//! clock or a device; `main.rs` only performs. Absent on purpose: addresses, routes and namespaces, which `ip` sets
//! (web/e2e/lab.mjs).

pub mod command;
pub mod link;
