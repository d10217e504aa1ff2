//! What other programs read: the scorecard as JSON and CSV, the JSON Schemas of the files, copies to publish, and worksheets for
//! people without the tool.

pub mod csv;
pub mod manual;
pub mod publish;
pub mod schema;
pub mod scorecard;
pub mod worksheet;
