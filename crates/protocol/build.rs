//! Compiles proto/*.proto to Rust, without a protoc on the machine.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let files = ["proto/client_to_space.proto", "proto/space_to_client.proto"];
    println!("cargo:rerun-if-changed=proto");
    let descriptors = protox::compile(files, ["proto"])?;
    let out = std::path::PathBuf::from(std::env::var("OUT_DIR")?);
    // The compatibility test compares this with the committed description of the last release.
    std::fs::write(out.join("descriptors.txt"), format!("{:#?}", descriptors.file))?;
    prost_build::Config::new().compile_fds(descriptors)?;
    Ok(())
}
