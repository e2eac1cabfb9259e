namespace ChainCheckout.Simulation.Faults;

/// <summary>What goes wrong by the hour and not by the call: machines, clocks, storage, whole APIs.</summary>
internal sealed class Weather(World world)
{
    private static readonly TimeSpan Often = TimeSpan.FromSeconds(45);

    private bool _isClear;

    public void Begin()
    {
        foreach (var node in world.Nodes)
        {
            if (world.Faults.Strikes(FaultKind.ClockSkewed)) world.SkewClock(node);
        }

        if (world.Faults.RateOf(FaultKind.LoyaltyAway) > 0 && world.Chance.Below(3) == 0)
            world.Vendor.Loyalty.AwayUntil = world.Schedule.Now + TimeSpan.FromMinutes(world.Chance.Between(5, 1_440));
        if (world.Faults.RollsBack) world.Schedule.After(world.Chance.Seconds(30, 400), RollBack);
        world.Schedule.After(Often, Blow);
    }

    public void Clear()
    {
        _isClear = true;
        world.Faults.CalmDown();
        world.Vendor.DownUntil = default;
        world.Vendor.Loyalty.AwayUntil = default;
        foreach (var node in world.Nodes) node.Thaw();
    }

    private void RollBack()
    {
        if (_isClear) return;
        world.Faults.Count(FaultKind.RolledBack);
        world.RollBack();
    }

    private void Blow()
    {
        if (_isClear) return;
        foreach (var node in world.Nodes.ToArray())
        {
            if (world.Faults.Strikes(FaultKind.PowerLost)) world.Lose(node);
            else if (world.Nodes.Count > 1 && !node.IsFrozen && world.Faults.Strikes(FaultKind.Zombie)) world.Freeze(node);
            else if (world.Faults.Strikes(FaultKind.ClockJumped)) world.JumpClock(node);
        }

        if (world.Vendor.DownUntil < world.Schedule.Now && world.Faults.RateOf(FaultKind.VippsDown) > 0 && world.Chance.Draw(world.Faults.RateOf(FaultKind.VippsDown) / 10))
            world.Vendor.DownUntil = world.Schedule.Now + world.Chance.Seconds(10, 600);
        world.Schedule.After(world.Chance.Seconds(20, 200), Blow);
    }
}
