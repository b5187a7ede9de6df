<#
.SYNOPSIS
Puts nanoFramework, the ME and its provisioning on an ESP32 development kit.

.DESCRIPTION
One command from an empty board to a running ME: checks the chip, flashes the nanoCLR firmware of the board's target, deploys the application at the board's deploy address, sets Wi-Fi, writes me.json and the board file to the board as I:\me.json and I:\board.json, restarts the board and reads back that the application is there.

The work is done by nanoff 2.5, a .NET tool; it is installed when missing. Boards are described in boards/*.json, wiring and buttons in boards/README.md.

Nothing secret is printed. The Wi-Fi password goes to nanoff in a temporary file that is deleted at the end, and the keys in me.json are never shown.

Exit codes
  0  done
  1  PowerShell refused the command line, or something unforeseen
  2  a parameter or me.json is wrong
  3  the application image is missing or too large
  4  nanoff is missing, cannot be installed, or is not version 2.5
  5  the serial port cannot be opened
  6  the board does not answer
  7  another chip, revision or flash size than the board's
  8  the firmware cannot be downloaded
  9  writing or verifying the flash failed
  10 the firmware does not take the Wi-Fi settings or me.json, or does not run
  11 the application is not on the board afterwards

.PARAMETER Board
The board: a file name in boards/ without .json, for example esp32-devkitc.

.PARAMETER Port
The serial port the board is on: COM5, /dev/ttyUSB0, /dev/cu.usbserial-110.

.PARAMETER Config
The provisioning file, written to the board as I:\me.json. Start from boards/me.sample.json.

.PARAMETER WifiSsid
Name of the Wi-Fi network. Without it the board takes the network in me.json, or keeps the one it knows. Not both: the board would take the one in me.json.

.PARAMETER WifiPassword
Password of the Wi-Fi network. Leave it out for an open network.

.PARAMETER FirmwareVersion
nanoCLR version to flash, for example 1.17.0.339. Without it nanoff takes the newest.

.PARAMETER Image
The application, by default firmware/App/bin/Release/MbmsMe.App.bin.

.PARAMETER SkipFirmware
Leaves the nanoCLR firmware on the board as it is.

.PARAMETER Erase
Erases the whole flash first: keys, me.json and Wi-Fi settings on the board are gone.

.PARAMETER List
Lists the boards and this machine's serial ports.

.EXAMPLE
./flash.ps1 -List

.EXAMPLE
./flash.ps1 -Board esp32-devkitc -Port COM5 -Config me.json -WifiSsid lab -WifiPassword secret42

.EXAMPLE
./flash.ps1 -Board esp32-devkitc -Port /dev/ttyUSB0 -Config me.json -SkipFirmware

.EXAMPLE
./flash.ps1 -Board esp32-devkitc -Port COM5 -Config me.json -WhatIf

Prints the nanoff command lines and touches nothing.
#>
[CmdletBinding(SupportsShouldProcess = $true)]
param(
    [string] $Board,
    [string] $Port,
    [string] $Config,
    [string] $WifiSsid,
    [string] $WifiPassword,
    [string] $FirmwareVersion,
    [string] $Image,
    [switch] $SkipFirmware,
    [switch] $Erase,
    [switch] $List
)

Set-StrictMode -Off
$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $false

# nanoff 3 has another command line.
$nanoffVersion = '2.5.162'
$nanoffCodes = (2000..2003) + (4000..4005) + (6000..6002) + 9000 + (9005..9009) + 9015
$onWindows = $env:OS -eq 'Windows_NT'

function Stop-Flash([int] $ExitCode, [string] $Problem, [string[]] $Next) {
    Write-Host ''
    Write-Host "FAILED ($ExitCode): $Problem" -ForegroundColor Red
    foreach ($line in $Next) { Write-Host "  - $line" }
    exit $ExitCode
}

function Get-Boards {
    Get-ChildItem -LiteralPath (Join-Path $PSScriptRoot 'boards') -Filter '*.json' | Sort-Object Name |
        ForEach-Object { [IO.File]::ReadAllText($_.FullName) | ConvertFrom-Json } | Where-Object { $_.id }
}

function Get-Ports {
    $ports = @([IO.Ports.SerialPort]::GetPortNames() | Sort-Object)
    if ($ports) { $ports -join ', ' } else { 'none' }
}

function Format-CommandLine([string[]] $Arguments) {
    ($Arguments | ForEach-Object { if ($_ -match '[^\w\-./\\:=]') { '"' + $_ + '"' } else { $_ } }) -join ' '
}

function Find-Nanoff {
    $found = Get-Command nanoff -CommandType Application -ErrorAction SilentlyContinue | Select-Object -First 1
    if ($found) { return $found.Path }
    # The folder of global tools is often not on the PATH yet.
    foreach ($name in 'nanoff', 'nanoff.exe') {
        $path = Join-Path (Join-Path $HOME '.dotnet/tools') $name
        if (Test-Path -LiteralPath $path -PathType Leaf) { return $path }
    }
}

function Test-Config([string] $Path) {
    $hint = 'boards/me.sample.json shows what belongs in it.'
    if (-not $Path) { Stop-Flash 2 'No provisioning file.' '-Config me.json names it.', $hint }
    if (-not (Test-Path -LiteralPath $Path -PathType Leaf)) { Stop-Flash 2 "There is no file $Path." 'Check -Config.', $hint }
    $full = (Resolve-Path -LiteralPath $Path).ProviderPath
    $octets = [IO.File]::ReadAllBytes($full)
    if ($octets.Length -gt 0 -and $octets[0] -gt 0x7F) {
        Stop-Flash 2 "$Path does not start with a JSON object." 'Save it as UTF-8 without a byte order mark.'
    }
    # The parsers' own messages quote the text, and the text holds keys: only the line number is told.
    try {
        $text = [IO.File]::ReadAllText($full)
        if ('System.Text.Json.JsonDocument' -as [type]) { [Text.Json.JsonDocument]::Parse($text).Dispose() }
        $content = $text | ConvertFrom-Json
    }
    catch {
        $where = ''
        $line = $_.Exception.GetBaseException().LineNumber
        if ($null -ne $line) { $where = " (line $($line + 1))" }
        Stop-Flash 2 "$Path is not valid JSON$where." 'Look for a missing or trailing comma, quote or bracket.', $hint
    }
    $keys = @()
    if ($content -is [pscustomobject]) { $keys = @($content.PSObject.Properties | ForEach-Object { $_.Name }) }
    $missing = @('uicc', 'bsf', 'bmsc', 'mikey', 'services', 'backoff', 'storage' | Where-Object { $keys -cnotcontains $_ })
    if ($missing) { Stop-Flash 2 "$Path lacks $($missing -join ', ')." $hint }
    if ($WifiSsid -and $keys -ccontains 'wifi') {
        Stop-Flash 2 "-WifiSsid, and $Path has the key wifi: the board would take that one." 'Take wifi out of the file, or leave -WifiSsid and -WifiPassword out.'
    }
    $full
}

function Invoke-Nanoff([string] $Title, [string[]] $Arguments, [switch] $OwnConsole) {
    $lines = @()
    if ($OwnConsole) {
        $run = Start-Process -FilePath $nanoff -ArgumentList (Format-CommandLine $Arguments) -NoNewWindow -Wait -PassThru
        $exit = $run.ExitCode
    }
    else {
        & $nanoff @Arguments | ForEach-Object {
            if ($_ -match '^Writing at .*?(\d+)[.,]\d+%') { Write-Progress -Activity $Title -PercentComplete ([int] $Matches[1]) }
            elseif ($_.Trim()) { $lines += $_ }
            if ($_ -match 'Hold down the BOOT|reset the chip manually') { Write-Host "      $_" -ForegroundColor Yellow }
        }
        $exit = $LASTEXITCODE
        Write-Progress -Activity $Title -Completed
    }
    # Unix keeps only the low octet of an exit code; nanoff's codes stay distinct in it.
    $code = 0
    if ($exit -ne 0) {
        $code = -1
        foreach ($known in $nanoffCodes) { if ($exit -eq $known -or $exit -eq ($known % 256)) { $code = $known } }
    }
    [pscustomobject] @{ Exit = $exit; Code = $code; Lines = $lines; Text = ($lines -join "`n") }
}

function Stop-OnFailure($Result, [string] $Step) {
    $code = $Result.Code
    $text = $Result.Text
    if ($code -eq 0 -and $text -notmatch '(Error|Exception) deploying content file') { return }
    foreach ($line in ($Result.Lines | Select-Object -Last 8)) { Write-Host "      $line" -ForegroundColor DarkGray }
    $eraseHint = 'Start flash.ps1 again with -Erase (that deletes the keys on the board, too).'
    $bootHint = "Hold $($kit.bootButton.label), tap $($kit.resetButton), let go of $($kit.bootButton.label), and start flash.ps1 again."

    if ($code -eq -1) {
        Stop-Flash 4 "nanoff itself failed (exit code $($Result.Exit))." @(
            'Look at what it said above; it may need another .NET runtime.', "dotnet tool update --global nanoff --version $nanoffVersion")
    }
    if ($code -eq 9000) {
        Stop-Flash 4 'nanoff did not understand its command line; flash.ps1 speaks to nanoff 2.5.' @(
            'dotnet tool uninstall --global nanoff', "dotnet tool install --global nanoff --version $nanoffVersion")
    }
    if ((4005, 6000, 6001, 6002) -contains $code -or $text -match 'Unable to open serial port') {
        if ($code -eq 6002 -or $text -match 'denied|busy|in use') {
            $next = @("Close whatever else uses ${Port}: a serial terminal, Visual Studio, another flash.ps1.")
            if (-not $onWindows) { $next += 'Not allowed? On Linux: sudo usermod -aG dialout $USER, then log out and in again.' }
            Stop-Flash 5 "$Port is there but cannot be opened: it is in use, or you have no permission." $next
        }
        Stop-Flash 5 "$Port cannot be opened: there is no such port, or it is in use." @(
            "Ports on this machine: $(Get-Ports). Run ./flash.ps1 -List with the board plugged in and without, to see which one is its own.",
            'No new port when it is plugged in: try another USB cable (many only charge), then the driver of the USB chip (CP210x, CH340, FTDI).')
    }
    if ((9005, 9006, 9007, 9015) -contains $code) {
        Stop-Flash 8 "The firmware $firmware could not be downloaded." @(
            'Check the network connection and -FirmwareVersion.', "nanoff --listtargets --platform $($kit.platform) shows what there is.")
    }
    if ($code -eq 4001) { Stop-Flash 7 'There is no firmware for this flash size.' "$($kit.name) has $($kit.flashMB) MB; check -Board." }
    if ((9008, 9009) -contains $code) { Stop-Flash 3 'nanoff could not use the application image.' 'Build the solution again.' }
    if ($text -match 'Failed to connect|bootloader manually' -or $Step -eq 'chip') {
        Stop-Flash 6 "The board on $Port does not answer." (@(
            $bootHint, "Is it really on ${Port}? Ports on this machine: $(Get-Ports).", 'Try another USB cable and no hub.') + $kit.notes)
    }
    if ($text -match 'MD5 of file does not match') {
        Stop-Flash 9 'What is in the flash is not what was written: verification failed.' @(
            $eraseHint, 'Another USB cable, port or power supply; a worn-out flash fails every time.')
    }
    if ((2000, 2001, 2002, 2003) -contains $code -or $code -eq 0 -or (('firmware', 'application') -notcontains $Step)) {
        Stop-Flash 10 "nanoCLR on the board did not answer, or refused ($Step)." @(
            "Tap $($kit.resetButton) and start flash.ps1 again with -SkipFirmware.", $eraseHint)
    }
    Stop-Flash 9 "Writing the flash failed ($Step, nanoff E$code)." @(
        $bootHint, $eraseHint, 'Try another USB cable and no hub.')
}

if ($List) {
    Get-Boards | Format-Table @{ Label = 'Board'; Expression = { $_.id } }, @{ Label = 'Target'; Expression = { $_.target } },
        @{ Label = 'Deploy'; Expression = { $_.deployAddress } }, @{ Label = 'Name'; Expression = { $_.name } } -AutoSize | Out-String -Width 200
    "Serial ports: $(Get-Ports)"
    exit 0
}

if (-not $Board) { Stop-Flash 2 'No board.' "-Board names it. Boards: $((Get-Boards | ForEach-Object { $_.id }) -join ', ').", './flash.ps1 -List shows more.' }
$kit = Get-Boards | Where-Object { $_.id -eq $Board }
if (-not $kit) { Stop-Flash 2 "There is no board '$Board'." "Boards: $((Get-Boards | ForEach-Object { $_.id }) -join ', ').", './flash.ps1 -List shows more.' }
$Board = $kit.id
if (-not $Port) { Stop-Flash 2 'No serial port.' "-Port names it. Ports on this machine: $(Get-Ports)." }
if ($SkipFirmware -and ($Erase -or $FirmwareVersion)) { Stop-Flash 2 '-SkipFirmware cannot go with -Erase or -FirmwareVersion.' 'Erasing takes the firmware too: leave -SkipFirmware out.' }
if ($WifiPassword -and -not $WifiSsid) { Stop-Flash 2 '-WifiPassword without -WifiSsid.' 'Give both, or neither.' }
if ([Text.Encoding]::UTF8.GetByteCount($WifiSsid) -gt 32) { Stop-Flash 2 '-WifiSsid is longer than 32 octets.' 'Check the name of the network.' }
if ($WifiPassword -and ($WifiPassword.Length -lt 8 -or $WifiPassword.Length -gt 63)) { Stop-Flash 2 '-WifiPassword must have 8 to 63 characters.' 'Check the password of the network.' }
$configPath = Test-Config $Config

if (-not $Image) { $Image = Join-Path $PSScriptRoot 'firmware/App/bin/Release/MbmsMe.App.bin' }
if (-not (Test-Path -LiteralPath $Image -PathType Leaf)) {
    Stop-Flash 3 "There is no application image $Image." 'Build MbmsMe.nfproj.sln in Release first, or name another image with -Image.'
}
$imagePath = (Resolve-Path -LiteralPath $Image).ProviderPath
$deploy = $kit.partitions | Where-Object { $_.name -eq 'deploy' }
if ((Get-Item -LiteralPath $imagePath).Length -gt [Convert]::ToInt64($deploy.size, 16)) {
    Stop-Flash 3 "$Image is larger than the deploy partition ($($deploy.size) octets)." 'Is it the right file? MbmsMe.App.bin is well under 1 MB.'
}

$work = Join-Path ([IO.Path]::GetTempPath()) ('mbmsme-' + [guid]::NewGuid().ToString('N').Substring(0, 8))
$filesPath = Join-Path $work 'files.json'
$wifiPath = Join-Path $work 'wifi.json'
$boardPath = Join-Path (Join-Path $PSScriptRoot 'boards') "$Board.json"
$files = [ordered] @{ SerialPort = $Port; Files = @(
    [ordered] @{ DestinationFilePath = 'I:\me.json'; SourceFilePath = $configPath }
    [ordered] @{ DestinationFilePath = 'I:\board.json'; SourceFilePath = $boardPath }) }
$wifi = [ordered] @{ SerialPort = $Port; WirelessClient = [ordered] @{ Ssid = $WifiSsid; Password = $WifiPassword; ConfigurationOption = 'AutoConnect' } }

$chipLine = @('--platform', $kit.platform, '--serialport', $Port, '--devicedetails')
$firmwareLine = @('--update', '--target', $kit.target, '--serialport', $Port)
if ($FirmwareVersion) { $firmwareLine += '--fwversion', $FirmwareVersion }
if ($Erase) { $firmwareLine += '--masserase' }
# While it updates, nanoff moves the cursor to draw, and stops with an error where there is no console to draw on.
if ([Console]::IsOutputRedirected -or [Console]::IsInputRedirected) { $firmwareLine += '--verbosity', 'minimal' }

$firmware = "$($kit.target) $FirmwareVersion".Trim()
$steps = @(@{ Name = 'chip'; Title = "Look at the chip on $Port"; Line = $chipLine })
if (-not $SkipFirmware) { $steps += @{ Name = 'firmware'; Title = "Flash the firmware $firmware (a minute or two)"; Line = $firmwareLine } }
$steps += @{ Name = 'application'; Title = "Deploy the application at $($kit.deployAddress)"; Line = @(
    '--target', $kit.target, '--serialport', $Port, '--deploy', '--image', $imagePath, '--address', $kit.deployAddress) }
if ($WifiSsid) { $steps += @{ Name = 'Wi-Fi'; Title = 'Set the Wi-Fi network'; Line = @('--networkdeployment', $wifiPath) } }
$steps += @{ Name = 'me.json'; Title = 'Write I:\me.json and I:\board.json'; Line = @('--filedeployment', $filesPath) }
# Reading the chip ends with a reset, and only after one does the application read its new me.json.
$steps += @{ Name = 'restart'; Title = 'Restart the board'; Line = $chipLine }
$steps += @{ Name = 'read back'; Title = 'Read back what runs on the board'; Line = @('--nanodevice', '--devicedetails', '--serialport', $Port) }

$nanoff = Find-Nanoff
if (-not $PSCmdlet.ShouldProcess("$Board on $Port", 'Flash')) {
    if (-not $nanoff) { "dotnet tool install --global nanoff --version $nanoffVersion" }
    foreach ($step in $steps) { "nanoff $(Format-CommandLine $step.Line)" }
    "# ${filesPath}: $($files | ConvertTo-Json -Compress -Depth 4)"
    if ($WifiSsid) {
        if ($WifiPassword) { $wifi.WirelessClient.Password = '***' }
        "# ${wifiPath}: $($wifi | ConvertTo-Json -Compress -Depth 4)"
    }
    exit 0
}
$ConfirmPreference = 'None'

if (-not $nanoff) {
    Write-Host 'nanoff is not installed; installing it.'
    $install = "dotnet tool install --global nanoff --version $nanoffVersion"
    if (-not (Get-Command dotnet -CommandType Application -ErrorAction SilentlyContinue)) {
        Stop-Flash 4 'nanoff needs the .NET SDK, and there is no dotnet on this machine.' 'Install the .NET SDK from https://dot.net, then start flash.ps1 again.'
    }
    & dotnet tool install --global nanoff --version $nanoffVersion | ForEach-Object { Write-Host "      $_" }
    $nanoff = Find-Nanoff
    if ($LASTEXITCODE -ne 0 -or -not $nanoff) { Stop-Flash 4 'nanoff could not be installed.' "Run this and look at what it says: $install" }
}

# nanoff 2.5 is built for .NET 8; a newer runtime will do.
$rollForward = $env:DOTNET_ROLL_FORWARD
$env:DOTNET_ROLL_FORWARD = 'Major'
try {
    $null = New-Item -ItemType Directory -Path $work
    if (-not $onWindows) { & chmod 700 $work }
    [IO.File]::WriteAllText($filesPath, ($files | ConvertTo-Json -Depth 4))
    if ($WifiSsid) { [IO.File]::WriteAllText($wifiPath, ($wifi | ConvertTo-Json -Depth 4)) }

    $number = 0
    foreach ($step in $steps) {
        $number++
        Write-Host "[$number/$($steps.Count)] $($step.Title)"
        $result = Invoke-Nanoff $step.Title $step.Line -OwnConsole:($step.Name -eq 'firmware')

        # A freshly reset board takes some seconds until nanoCLR answers.
        $clr = 'Wi-Fi', 'me.json', 'read back' -contains $step.Name
        for ($again = 1; $again -le 2 -and $clr -and (2000, 2001, 2002) -contains $result.Code; $again++) {
            Start-Sleep -Seconds 3
            $result = Invoke-Nanoff $step.Title $step.Line
        }

        if ($step.Name -eq 'restart') {
            if ($result.Code -ne 0) { Write-Host "      Not restarted: tap $($kit.resetButton) on the board now." -ForegroundColor Yellow }
            continue
        }
        Stop-OnFailure $result $step.Name

        if ($step.Name -eq 'chip') {
            if ($result.Text -notmatch '(?m)^(ESP32(-\w+)?)( \((.*)\))?\s*$') { Stop-Flash 7 'nanoff did not say which chip this is.' "Run this and look at what it says: nanoff $(Format-CommandLine $chipLine)" }
            $chip = $Matches[1]
            $detail = "$($Matches[0])".Trim()
            $revision = 0
            if ($detail -match 'revision v(\d+)') { $revision = [int] $Matches[1] }
            $flash = 0
            if ($result.Text -match '(?m)^Flash size (\d+)MB') { $flash = [int] $Matches[1] }
            Write-Host "      $detail, $flash MB flash"
            if ($chip -ne $kit.chip) { Stop-Flash 7 "This is an $chip; $Board has an $($kit.chip)." 'Check -Board and -Port; nothing was written.' }
            if ($revision -lt $kit.minimumRevision) { Stop-Flash 7 "This chip is revision $revision; $($kit.target) needs $($kit.minimumRevision) or later." (@('Nothing was written.') + $kit.notes) }
            if ($flash -lt $kit.flashMB) { Stop-Flash 7 "This board has $flash MB flash; $Board has $($kit.flashMB) MB." 'Check -Board; nothing was written.' }
        }
        if ($step.Name -eq 'read back') {
            foreach ($assembly in 'MbmsMe.App', 'MbmsMe.Core') {
                if ($result.Text -notmatch "(?m)^\s*$([regex]::Escape($assembly)), ") {
                    Stop-Flash 11 "The board runs nanoCLR, but $assembly is not on it." @(
                        'The firmware may be too old or too new for the application: the README (Flashing a board) says which it must be; -FirmwareVersion names one.',
                        "Is $Image what you meant to flash? Build the solution again in Release.")
                }
            }
        }
    }
}
finally {
    $env:DOTNET_ROLL_FORWARD = $rollForward
    if (Test-Path -LiteralPath $work) { Remove-Item -LiteralPath $work -Recurse -Force }
}

Write-Host ''
Write-Host "Done: the application is on $($kit.name)." -ForegroundColor Green
if (-not $WifiSsid) { Write-Host 'No -WifiSsid: the board uses the network in me.json, or the one it knew.' }
Write-Host "Watch it: open a serial terminal on $Port at $($kit.uart.baud) baud, 8N1. The ME says started, or configuration-wrong and what is wrong in me.json."
Write-Host 'Close the terminal before you flash again.'
exit 0
