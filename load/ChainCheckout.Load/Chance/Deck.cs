namespace ChainCheckout.Load.Chance;

/// <summary>
/// Deals shares exactly: every round of <c>cards.Count</c> draws deals each card once, in an order of chance. What is
/// to be one in twenty occurs in every twenty, so that a short run has it for sure. Safe to share.
/// </summary>
public sealed class Deck<T>
{
    private readonly Lock _gate = new();
    private readonly Random _random;
    private readonly T[] _cards;
    private int _next;

    /// <param name="random">Used by this deck alone, under its own lock.</param>
    public Deck(IEnumerable<(T Card, int Count)> cards, Random random)
    {
        _random = random;
        _cards = [.. cards.SelectMany(card => Enumerable.Repeat(card.Card, card.Count))];
        if (_cards.Length == 0) throw new ArgumentException("A deck needs a card.", nameof(cards));
    }

    public T Draw()
    {
        lock (_gate)
        {
            if (_next == 0) _random.Shuffle(_cards);
            var card = _cards[_next];
            _next = (_next + 1) % _cards.Length;
            return card;
        }
    }
}
