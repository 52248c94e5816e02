fn main() {
    office365::hi()
}
