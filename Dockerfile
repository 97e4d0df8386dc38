# syntax=docker/dockerfile:1
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY Directory.Build.props Directory.Packages.props BannedSymbols.txt .editorconfig global.json ./
COPY config config
COPY src src
COPY tools tools
RUN dotnet publish src/VoiceGateway -c Release -o /app --self-contained false

FROM mcr.microsoft.com/dotnet/aspnet:10.0
# curl for the health check alone.
RUN apt-get update && apt-get install -y --no-install-recommends curl && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=build /app .
# The image brings a user without rights ($APP_UID); the database and recordings live in a volume of its own.
RUN mkdir /data && chown "$APP_UID" /data
USER $APP_UID
VOLUME /data
ENV VOICEGATEWAY_Storage__Database=sqlite:/data/voicegateway.db \
    VOICEGATEWAY_Admin__Url=http://127.0.0.1:8080
# RTP uses Media:PortRange besides; publish it, or run with --network host, which spares a NAT per packet.
EXPOSE 5060/udp 5060/tcp
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s CMD curl -fsS http://127.0.0.1:8080/health/ready || exit 1
STOPSIGNAL SIGTERM
ENTRYPOINT ["dotnet", "VoiceGateway.dll"]
