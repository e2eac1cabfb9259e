using ChainCheckout.Core.Ports;
using ChainCheckout.Standalone.Storage;

namespace ChainCheckout.Tests.Storage;

public sealed class SqliteStorageTests : ActorStorageConformance
{
    private readonly TemporaryFolder _folder = new();

    protected override ValueTask<IActorStorage> OpenAsync() =>
        new(SqliteActorStorage.Open(_folder.Path, TimeProvider.System));

    protected override async ValueTask CloseAsync(IActorStorage storage)
    {
        await ((SqliteActorStorage)storage).DisposeAsync();
        _folder.Dispose();
    }
}
