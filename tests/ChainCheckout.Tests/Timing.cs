namespace ChainCheckout.Tests;

/// <summary>
/// Tests that ask how soon something happens by the real clock: they run one after another and beside nothing else, so
/// that a busy machine does not decide them.
/// </summary>
[CollectionDefinition(nameof(Timing), DisableParallelization = true)]
public sealed class Timing;
