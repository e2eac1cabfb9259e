namespace ChainCheckout.Tests.Fuzz;

public sealed class BudgetTests
{
    [Fact]
    public void Inputs_OfAllKindsTogether_AreAMillion() => Assert.InRange(
        Fuzzing.Frames + Fuzzing.Commands + Fuzzing.Payloads + Fuzzing.Webhooks + Fuzzing.AdminBodies + Fuzzing.VippsAnswers + Fuzzing.MemberFiles
            + Fuzzing.StoredStates,
        1_000_000, int.MaxValue);
}
