@dotnet run --project "%~dp0src\ChainCheckout.Cli" -c Release -v q -- %*
