//! opsready

pub mod diagnostic;
pub mod yaml;
pub mod kit;
pub mod assessment;
pub mod scoring;
pub mod plan;

pub mod document;
pub mod exchange;
pub mod workspace;
pub mod cli;
