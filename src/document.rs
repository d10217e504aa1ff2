//! d
pub mod escape;
