//! What other programs read: the scorecard as JSON and CSV, the JSON Schemas of the files, the data beside the documents, copies to
//! publish, reports for pipelines, and worksheets for people without the tool.

pub mod calendar;
pub mod backlog;
pub mod csv;
pub mod diff;
pub mod manual;
pub mod milestone;
pub mod package;
pub mod publish;
pub mod report;
pub mod roadmap;
pub mod scaffold;
pub mod schema;
pub mod scorecard;
pub mod worksheet;
