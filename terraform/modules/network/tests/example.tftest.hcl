mock_provider "google" {}

run "the_example_of_the_readme_plans" {
  command = plan

  module {
    source = "./examples/default"
  }
}
