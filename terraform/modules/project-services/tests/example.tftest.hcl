mock_provider "google" {}
mock_provider "google-beta" {}
mock_provider "time" {}

run "the_example_of_the_readme_plans" {
  command = plan

  module {
    source = "./examples/default"
  }
}
