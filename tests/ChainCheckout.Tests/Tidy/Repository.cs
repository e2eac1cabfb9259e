namespace ChainCheckout.Tests.Tidy;

/// <summary>The files of the product, found from wherever the tests run.</summary>
internal static class Repository
{
    public static readonly string Root = FindRoot();

    public static string PathOf(string path) => Path.Combine(Root, path);

    /// <summary>Files under these folders, without what a build makes.</summary>
    public static IEnumerable<string> Files(string pattern, params string[] folders) => folders
        .Select(PathOf)
        .Where(Directory.Exists)
        .SelectMany(folder => Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories))
        .Where(file => !Path.GetRelativePath(Root, file).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"));

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ChainCheckout.sln"))) return folder.FullName;
        }

        throw new DirectoryNotFoundException("ChainCheckout.sln is in no folder above the tests.");
    }
}
