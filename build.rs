//! Builds again when a kit or template changes: they are compiled in, and a new file would otherwise be missed.

fn main() {
    println!("cargo:rerun-if-changed=kits");
    println!("cargo:rerun-if-changed=templates");
}
