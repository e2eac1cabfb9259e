namespace ChainCheckout.Standalone.Storage;

/// <summary>
/// Keeps a second server off a folder. The operating system holds it for the process, so that it ends with the process,
/// however that ends; the file itself stays and means nothing.
/// </summary>
internal sealed class FolderLock : IDisposable
{
    public const string FileName = "server.lock";

    private readonly FileStream _file;

    private FolderLock(FileStream file) => _file = file;

    public static FolderLock Take(string folder)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            return new FolderLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException failure)
        {
            throw new StorageOpenException($"Another server seems to use '{folder}': {failure.Message}", failure);
        }
        catch (UnauthorizedAccessException failure)
        {
            throw new StorageOpenException($"The folder '{folder}' cannot be written: {failure.Message}", failure);
        }
    }

    public void Dispose() => _file.Dispose();
}
