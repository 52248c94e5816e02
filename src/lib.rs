pub fn hi() {}
pub mod demo;
