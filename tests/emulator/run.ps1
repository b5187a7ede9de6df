<#
.SYNOPSIS
Builds the unit tests as nanoFramework assemblies and runs them on nanoCLR with the official tools of Windows.
Last line: N passed, N failed, N skipped.

.DESCRIPTION
Needs Visual Studio 2022 or its build tools with the .NET nanoFramework extension, nuget.exe on the PATH and the
tool nanoclr (dotnet tool install --global nanoclr). Exit codes: 0 every test passed, 1 something did not,
2 something is not installed.

.PARAMETER Configuration
Release by default.
#>
[CmdletBinding()]
param(
    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Release'
)

$ErrorActionPreference = 'Stop'
Set-Location (Join-Path $PSScriptRoot '..\..')

function Stop-Run([string] $Message) {
    [Console]::Error.WriteLine("run.ps1: $Message")
    exit 2
}

function Find-InVisualStudio([string] $Pattern) {
    $vswhere = Join-Path ${env:ProgramFiles(x86)} 'Microsoft Visual Studio\Installer\vswhere.exe'
    if (-not (Test-Path $vswhere)) {
        Stop-Run 'there is no Visual Studio: install Visual Studio 2022 with the .NET nanoFramework extension'
    }
    $found = & $vswhere -latest -products * -find $Pattern | Select-Object -First 1
    if (-not $found) {
        Stop-Run "Visual Studio has no $Pattern"
    }
    $found
}

function Invoke-Step([string] $Program, [string[]] $Arguments) {
    & $Program $Arguments
    if ($LASTEXITCODE -ne 0) {
        exit 1
    }
}

foreach ($tool in @('nuget', 'nanoclr')) {
    if (-not (Get-Command $tool -ErrorAction SilentlyContinue)) {
        Stop-Run "there is no $tool on the PATH (nuget.exe: its command-line tool; nanoclr: dotnet tool install --global nanoclr)"
    }
}
$msbuild = Find-InVisualStudio 'MSBuild\**\Bin\MSBuild.exe'
$vstest = Find-InVisualStudio 'Common7\IDE\**\vstest.console.exe'

$results = 'artifacts\emulator'
foreach ($output in @('bin', 'obj')) {
    Get-ChildItem firmware, hal, tests\emulator -Directory | ForEach-Object { Join-Path $_.FullName "$output\$Configuration" } |
        Where-Object { Test-Path $_ } | Remove-Item -Recurse
}

Invoke-Step 'nuget' @('restore', 'MbmsMe.nfproj.sln')
Invoke-Step $msbuild @('MbmsMe.nfproj.sln', '-nologo', '-v:m', "-p:Configuration=$Configuration")

$adapter = Get-ChildItem packages -Recurse -Filter nanoFramework.TestAdapter.dll | Select-Object -First 1
if (-not $adapter) {
    Stop-Run 'the package nanoFramework.TestFramework holds no nanoFramework.TestAdapter.dll'
}

$log = Join-Path $results 'emulator.trx'
if (Test-Path $log) {
    Remove-Item $log
}
$tests = Get-ChildItem tests\emulator -Directory | ForEach-Object { Join-Path $_.FullName "bin\$Configuration\NFUnitTest.dll" }
& $vstest $tests '/Settings:tests\emulator\nano.runsettings' "/TestAdapterPath:$($adapter.DirectoryName)" `
    "/ResultsDirectory:$results" '/Logger:trx;LogFileName=emulator.trx' '/Logger:console;verbosity=normal'
$status = $LASTEXITCODE
if (-not (Test-Path $log)) {
    Write-Output 'no test ran'
    Write-Output '0 passed, 0 failed, 0 skipped'
    exit 1
}

$counters = ([xml](Get-Content -Raw $log)).TestRun.ResultSummary.Counters
$passed = [int]$counters.passed
$failed = [int]$counters.failed + [int]$counters.error + [int]$counters.timeout + [int]$counters.aborted
$skipped = [int]$counters.total - $passed - $failed
if ($passed + $failed -eq 0) {
    Write-Output 'no test ran'
}
Write-Output "$passed passed, $failed failed, $skipped skipped"
if ($status -ne 0 -or $failed -ne 0 -or $passed -eq 0) {
    exit 1
}
