// The test that the README shows is a test.
import '../../examples/readme/testing';
