using ChainCheckout.Load.Crowds;
using ChainCheckout.Load.Journeys;

namespace ChainCheckout.Load.Chance;

/// <summary>The shares of a demo day, each dealt from a deck of its own.</summary>
public sealed class SaleDecks(int seed)
{
    private readonly Deck<Introduction> _introductions = new(
        [(Introduction.Number, 20), (Introduction.Token, 40), (Introduction.Clear, 40)], new Random(seed));

    private readonly Deck<bool> _scanners = new([(true, 1), (false, 9)], new Random(seed + 1));

    // Of the 92 in 100 that come to a push 74 are approved within moments: four in five. With those that fall back to
    // it after a refusal or a cancel, 10 in 100 are completed by another tender.
    private readonly Deck<Ending> _endings = new(
        [
            (Ending.OtherTender, 8),
            (Ending.Approve, 74),
            (Ending.RefuseThenClose, 2),
            (Ending.RefuseThenAgain, 4),
            (Ending.RefuseThenOtherTender, 1),
            (Ending.Ignore, 3),
            (Ending.LastSecond, 3),
            (Ending.Cancel, 2),
            (Ending.CancelRace, 2),
            (Ending.CancelThenOtherTender, 1),
        ],
        new Random(seed + 2));

    private readonly Deck<bool> _refunds = new([(true, 1), (false, 19)], new Random(seed + 3));

    private readonly Deck<LoginAnswer> _logins = new(
        [
            (LoginAnswer.Accept, 14), (LoginAnswer.Deny, 3), (LoginAnswer.Ignore, 1), (LoginAnswer.OldApp, 1),
            (LoginAnswer.NoAccount, 1),
        ],
        new Random(seed + 4));

    private readonly Deck<bool> _meanwhile = new([(true, 1), (false, 3)], new Random(seed + 5));

    /// <summary>What somebody does who is asked to join: 70 in 100 accept.</summary>
    public LoginAnswer DrawLogin() => _logins.Draw();

    /// <summary>Whether the cashier asks for the payment while the customer thinks: one in four.</summary>
    public bool DrawPaysMeanwhile() => _meanwhile.Draw();

    public Introduction DrawIntroduction() => _introductions.Draw();

    /// <summary>Whether a scan comes from the store's scanner gateway instead of the till itself: one in ten.</summary>
    public bool DrawIsByScanner() => _scanners.Draw();

    public Ending DrawEnding() => _endings.Draw();

    /// <summary>Whether a paid sale is refunded in part: one in twenty.</summary>
    public bool DrawIsRefunded() => _refunds.Draw();
}
