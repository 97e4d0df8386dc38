using System.Data.Common;

namespace VoiceGateway.Abstractions;

/// <summary>What the gateway lends a plugin for its whole life.</summary>
public sealed class ToolPluginContext
{
    /// <summary>
    /// The gateway's database: SQLite or PostgreSQL, so keep to SQL that both speak.
    /// Write inside a transaction begun with <c>BeginTransactionAsync</c> and keep the connection open no longer than that:
    /// with SQLite there is one writer at a time, and the transaction is its turn.
    /// </summary>
    public required DbDataSource Database { get; init; }

    /// <summary>The only clock to use.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The plugin's own settings: the section <c>Plugins:{Name}</c>.</summary>
    public PluginSettings Settings { get; init; } = PluginSettings.Empty;

    /// <summary>Facts of the business that several plugins share (time zone, opening hours): the section <c>Business</c>.</summary>
    public PluginSettings Business { get; init; } = PluginSettings.Empty;
}
