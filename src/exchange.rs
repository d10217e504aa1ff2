//! What other programs read: the scorecard as JSON and CSV, and the JSON Schemas of the files.

pub mod csv;
pub mod manual;
pub mod schema;
pub mod scorecard;
