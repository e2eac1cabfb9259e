global using System.Collections.Immutable;
global using ChainCheckout.Core.Actors;
global using ChainCheckout.Core.Ports;
global using ChainCheckout.Core.Values;
