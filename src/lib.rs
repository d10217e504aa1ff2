//! opsready is an operational readiness assessment kit: it asks about each operational capability, scores the answers against
//! best-practice designs, and writes the Markdown documents that a migration needs.
//!
//! # The map
//!
//! In reading order, each module using only those above it:
//!
//! - [`fingerprint`]: what tells one text from another.
//! - [`diagnostic`]: faults in a user's files, with code, place, message and help.
//! - [`yaml`]: text to a tree with positions, and changes to one entry that leave the rest as it was.
//! - [`kit`]: what good looks like: questions, practices, conditions, lint.
//! - [`assessment`]: what is: answers in five states, and which questions are asked.
//! - [`scoring`]: the arithmetic, and the explanation of every number.
//! - [`plan`]: gaps to waves and stories, what comes of them, what moved since, and what a pipeline demands.
//! - [`document`]: views, templates, escaping.
//! - [`exchange`]: JSON, CSV and JSON Schemas for other programs, worksheets, copies to publish,
//!   reports for pipelines.
//! - [`workspace`]: the one module that reads and writes files.
//! - [`cli`]: arguments, terminal, clock.
//!
//! # What is deliberately absent
//!
//! Nothing above [`workspace`] touches a file, and nothing above [`cli`] a clock, the environment or a terminal: the same
//! inputs give the same bytes. Nothing opens a socket. Templates never calculate. Text from an answer is never a template.

pub mod fingerprint;

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
