using ChainCheckout.Core.Actors;
using ChainCheckout.Core.Ports;

namespace ChainCheckout.Tests.Storage;

public sealed class InMemoryStorageTests : ActorStorageConformance
{
    private static readonly ActorSave Save = new(
        new ActorId(ActorKind.Till, "0001-01"), StoredVersion.None, new StoredVersion(1, 7), new byte[] { 1 },
        WakeAt: null, ForgetAt: null, ActorFlags.None);

    protected override ValueTask<IActorStorage> OpenAsync() => new(new InMemoryActorStorage());

    protected override ValueTask CloseAsync(IActorStorage storage) => ValueTask.CompletedTask;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task FailNext_BeforeOrAfterWriting_FailsOnceAndLeavesThatBehind(bool written)
    {
        var storage = new InMemoryActorStorage();
        storage.FailNext(new IOException("no disk"), written);

        await Assert.ThrowsAsync<IOException>(() => storage.SaveAsync(Save).AsTask());

        Assert.Equal(written, await storage.LoadAsync(Save.Id) is not null);
        if (!written) await storage.SaveAsync(Save);
        Assert.Equal(1, storage.Saves);
    }
}
